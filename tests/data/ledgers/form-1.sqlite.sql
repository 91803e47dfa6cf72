BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE approvals (
	id INTEGER NOT NULL, 
	campaign VARCHAR(200) NOT NULL, 
	season INTEGER NOT NULL, 
	item VARCHAR(200) NOT NULL, 
	channel VARCHAR(100) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	person VARCHAR(200) NOT NULL, 
	role VARCHAR(100) NOT NULL, 
	comment TEXT DEFAULT '' NOT NULL, 
	approved_at DATETIME NOT NULL, 
	withdrawn_at DATETIME, 
	withdrawn_by VARCHAR(200) DEFAULT '' NOT NULL, 
	CONSTRAINT pk_approvals PRIMARY KEY (id)
);
INSERT INTO "approvals" VALUES(1,'reading-week',2027,'why-we-read','email','4f1257d1c969ba667d0e94be7dd2a311b53909077714b2618fc34080cab16581','Grace','coordinator','','2027-03-01 14:11:01.438147',NULL,'');
INSERT INTO "approvals" VALUES(2,'reading-week',2027,'why-we-read','x','f3365793952b3ac19e6ca518041156a59fe5602c77e68c3d5a756e8abbdbf4a5','Grace','coordinator','','2027-03-01 14:11:01.472208',NULL,'');
INSERT INTO "approvals" VALUES(3,'reading-week',2027,'a-book-a-day','email','e7afb1d97b8d0e97bab4fe974b9ee2ca2ac8e572fb4b02b9aa4fbff2297acf47','Grace','coordinator','','2027-03-01 14:11:01.476042',NULL,'');
INSERT INTO "approvals" VALUES(4,'reading-week',2027,'a-book-a-day','x','ae8726ab497644eeb3c97d25097f4d13c8027e9cf8adf9797f576fa05387751d','Grace','coordinator','','2027-03-01 14:11:01.483601',NULL,'');
INSERT INTO "approvals" VALUES(5,'reading-week',2027,'then-and-now','email','e1f105680841d2c8eb30076e7914eb289dc7f6b47c691c17ff7fe43b597d1787','Grace','coordinator','','2027-03-01 14:11:01.492616',NULL,'');
INSERT INTO "approvals" VALUES(6,'reading-week',2027,'then-and-now','x','a21e1579152b1c112f45cbd7a27b5eaefde85adb738c57d936b62465dcfb0edd','Grace','coordinator','','2027-03-01 14:11:01.504092',NULL,'');
INSERT INTO "approvals" VALUES(7,'reading-week',2027,'why-we-read','email','4f1257d1c969ba667d0e94be7dd2a311b53909077714b2618fc34080cab16581','Ada','coordinator','','2027-03-01 14:12:00.857324',NULL,'');
INSERT INTO "approvals" VALUES(8,'reading-week',2027,'why-we-read','x','f3365793952b3ac19e6ca518041156a59fe5602c77e68c3d5a756e8abbdbf4a5','Ada','coordinator','','2027-03-01 14:12:00.885635',NULL,'');
INSERT INTO "approvals" VALUES(9,'reading-week',2027,'a-book-a-day','email','e7afb1d97b8d0e97bab4fe974b9ee2ca2ac8e572fb4b02b9aa4fbff2297acf47','Ada','coordinator','','2027-03-01 14:12:00.891459',NULL,'');
INSERT INTO "approvals" VALUES(10,'reading-week',2027,'a-book-a-day','x','ae8726ab497644eeb3c97d25097f4d13c8027e9cf8adf9797f576fa05387751d','Ada','coordinator','','2027-03-01 14:12:00.898104',NULL,'');
INSERT INTO "approvals" VALUES(11,'reading-week',2027,'then-and-now','email','e1f105680841d2c8eb30076e7914eb289dc7f6b47c691c17ff7fe43b597d1787','Ada','coordinator','','2027-03-01 14:12:00.902061',NULL,'');
INSERT INTO "approvals" VALUES(12,'reading-week',2027,'then-and-now','x','a21e1579152b1c112f45cbd7a27b5eaefde85adb738c57d936b62465dcfb0edd','Ada','coordinator','','2027-03-01 14:12:00.910312',NULL,'');
CREATE TABLE armings (
	id INTEGER NOT NULL, 
	campaign VARCHAR(200) NOT NULL, 
	season INTEGER NOT NULL, 
	who VARCHAR(200) NOT NULL, 
	armed_at DATETIME NOT NULL, 
	disarmed_by VARCHAR(200) DEFAULT '' NOT NULL, 
	disarmed_at DATETIME, 
	CONSTRAINT pk_armings PRIMARY KEY (id)
);
INSERT INTO "armings" VALUES(1,'reading-week',2027,'Ada','2027-03-01 14:15:00.830684','',NULL);
CREATE TABLE attempts (
	token VARCHAR(64) NOT NULL, 
	batch_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	started_at DATETIME NOT NULL, 
	node VARCHAR(200) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	fingerprint TEXT NOT NULL, 
	readers INTEGER NOT NULL, 
	ended_at DATETIME, 
	outcome VARCHAR(16) DEFAULT '' NOT NULL, 
	status INTEGER, 
	reference TEXT DEFAULT '' NOT NULL, 
	detail TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_attempts PRIMARY KEY (token), 
	CONSTRAINT fk_attempts_batch_id FOREIGN KEY(batch_id) REFERENCES batches (id), 
	CONSTRAINT uq_attempts_batch_id_number UNIQUE (batch_id, number)
);
INSERT INTO "attempts" VALUES('eb585748eb0a198615aa40e9bb272497',1,1,'2027-03-08 15:05:01.337276','old-host:22449','4f1257d1c969ba667d0e94be7dd2a311b53909077714b2618fc34080cab16581','d9e6d7aa007763d4bccc581ebf81f2b9',4,'2027-03-08 15:05:01.367131','accepted',NULL,'rehearsal-d9e6d7aa007763d4bccc581ebf81f2b9-e2be2effc1','rehearsed, not sent');
INSERT INTO "attempts" VALUES('38d3f197441d6f81ac34a40ed195efa1',2,1,'2027-03-09 15:05:01.017180','old-host:22519','e7afb1d97b8d0e97bab4fe974b9ee2ca2ac8e572fb4b02b9aa4fbff2297acf47','dd6a8c1ecf2f134327e7e241c5afad19',4,'2027-03-09 15:05:01.057206','accepted',NULL,'rehearsal-dd6a8c1ecf2f134327e7e241c5afad19-4739edb7e4','rehearsed, not sent');
INSERT INTO "attempts" VALUES('f4cf5467f6995248fa6a26eb0fd664d1',3,1,'2027-03-09 15:05:01.091937','old-host:22519','ae8726ab497644eeb3c97d25097f4d13c8027e9cf8adf9797f576fa05387751d','text:c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5fbf73f66b',0,'2027-03-09 15:05:01.110998','accepted',NULL,'rehearsal-text-c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5-68a654e99d','rehearsed, not sent');
INSERT INTO "attempts" VALUES('f2f18c353a3e60e2a2bdd0ec27999315',4,1,'2027-03-10 15:05:01.400490','old-host:22569','e1f105680841d2c8eb30076e7914eb289dc7f6b47c691c17ff7fe43b597d1787','44fdac246744c5e2043b293da77f9130',4,'2027-03-10 15:05:01.442845','accepted',NULL,'rehearsal-44fdac246744c5e2043b293da77f9130-1f398d4aa1','rehearsed, not sent');
CREATE TABLE batches (
	id INTEGER NOT NULL, 
	delivery_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	first_subscriber VARCHAR(64) DEFAULT '' NOT NULL, 
	last_subscriber VARCHAR(64) DEFAULT '' NOT NULL, 
	size INTEGER NOT NULL, 
	skipped INTEGER DEFAULT '0' NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	send_id VARCHAR(64) NOT NULL, 
	not_before_at DATETIME NOT NULL, 
	tries INTEGER DEFAULT '0' NOT NULL, 
	attempt INTEGER DEFAULT '0' NOT NULL, 
	token VARCHAR(64) DEFAULT '' NOT NULL, 
	digest VARCHAR(64) DEFAULT '' NOT NULL, 
	fingerprint TEXT DEFAULT '' NOT NULL, 
	started_at DATETIME, 
	lease_until_at DATETIME, 
	node VARCHAR(200) DEFAULT '' NOT NULL, 
	reference TEXT DEFAULT '' NOT NULL, 
	detail TEXT DEFAULT '' NOT NULL, 
	doubts INTEGER DEFAULT '0' NOT NULL, 
	checks INTEGER DEFAULT '0' NOT NULL, 
	check_at DATETIME, 
	CONSTRAINT pk_batches PRIMARY KEY (id), 
	CONSTRAINT ck_batches_state CHECK (state IN ('scheduled', 'held', 'sending', 'sent', 'failed', 'unknown', 'missed', 'skipped', 'cancelled')), 
	CONSTRAINT fk_batches_delivery_id FOREIGN KEY(delivery_id) REFERENCES deliveries (id), 
	CONSTRAINT uq_batches_delivery_id_number UNIQUE (delivery_id, number)
);
INSERT INTO "batches" VALUES(1,1,1,'f0ab52fd116184a73fd2187d2ca7a81b','f0ab52fd853df90050925e6a9df2db00',4,0,'sent','d9e6d7aa007763d4bccc581ebf81f2b9','2027-03-08 12:30:00.000000',0,1,'eb585748eb0a198615aa40e9bb272497','4f1257d1c969ba667d0e94be7dd2a311b53909077714b2618fc34080cab16581','d9e6d7aa007763d4bccc581ebf81f2b9','2027-03-08 15:05:01.337276','2027-03-08 15:06:41.337276','old-host:22449','rehearsal-d9e6d7aa007763d4bccc581ebf81f2b9-e2be2effc1','rehearsed, not sent',0,0,'2027-03-08 15:05:01.337276');
INSERT INTO "batches" VALUES(2,3,1,'f0ab52fd116184a73fd2187d2ca7a81b','f0ab52fd853df90050925e6a9df2db00',4,0,'sent','dd6a8c1ecf2f134327e7e241c5afad19','2027-03-09 12:30:00.000000',0,1,'38d3f197441d6f81ac34a40ed195efa1','e7afb1d97b8d0e97bab4fe974b9ee2ca2ac8e572fb4b02b9aa4fbff2297acf47','dd6a8c1ecf2f134327e7e241c5afad19','2027-03-09 15:05:01.017180','2027-03-09 15:06:41.017180','old-host:22519','rehearsal-dd6a8c1ecf2f134327e7e241c5afad19-4739edb7e4','rehearsed, not sent',0,0,'2027-03-09 15:05:01.017180');
INSERT INTO "batches" VALUES(3,4,1,'','',1,0,'sent','77951c18b56880a4ddb551eda2822dcc','2027-03-09 15:00:00.000000',0,1,'f4cf5467f6995248fa6a26eb0fd664d1','ae8726ab497644eeb3c97d25097f4d13c8027e9cf8adf9797f576fa05387751d','text:c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5fbf73f66b','2027-03-09 15:05:01.091937','2027-03-09 15:06:41.091937','old-host:22519','rehearsal-text-c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5-68a654e99d','rehearsed, not sent',0,0,'2027-03-09 15:05:01.091937');
INSERT INTO "batches" VALUES(4,5,1,'f0ab52fd116184a73fd2187d2ca7a81b','f0ab52fd853df90050925e6a9df2db00',4,0,'sent','44fdac246744c5e2043b293da77f9130','2027-03-10 12:30:00.000000',0,1,'f2f18c353a3e60e2a2bdd0ec27999315','e1f105680841d2c8eb30076e7914eb289dc7f6b47c691c17ff7fe43b597d1787','44fdac246744c5e2043b293da77f9130','2027-03-10 15:05:01.400490','2027-03-10 15:06:41.400490','old-host:22569','rehearsal-44fdac246744c5e2043b293da77f9130-1f398d4aa1','rehearsed, not sent',0,0,'2027-03-10 15:05:01.400490');
CREATE TABLE deliveries (
	id INTEGER NOT NULL, 
	mode VARCHAR(16) NOT NULL, 
	campaign VARCHAR(200) NOT NULL, 
	season INTEGER NOT NULL, 
	item VARCHAR(200) NOT NULL, 
	channel VARCHAR(100) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	on_date DATE NOT NULL, 
	due_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	digest VARCHAR(64) DEFAULT '' NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	frozen INTEGER DEFAULT '0' NOT NULL, 
	frozen_through VARCHAR(64) DEFAULT '' NOT NULL, 
	opened_at DATETIME, 
	changed_at DATETIME NOT NULL, 
	CONSTRAINT pk_deliveries PRIMARY KEY (id), 
	CONSTRAINT ck_deliveries_mode CHECK (mode IN ('rehearsal', 'live')), 
	CONSTRAINT ck_deliveries_state CHECK (state IN ('scheduled', 'held', 'sending', 'sent', 'failed', 'unknown', 'missed', 'skipped', 'cancelled')), 
	CONSTRAINT uq_deliveries_mode_campaign_season_item_channel UNIQUE (mode, campaign, season, item, channel)
);
INSERT INTO "deliveries" VALUES(1,'rehearsal','reading-week',2027,'why-we-read','email','email','2027-03-08','2027-03-08 12:30:00.000000','2027-03-09 05:00:00.000000','sent','4f1257d1c969ba667d0e94be7dd2a311b53909077714b2618fc34080cab16581','live would have refused: the mode is "rehearsal"',4,'f0ab52fd853df90050925e6a9df2db00','2027-03-08 15:05:01.245773','2027-03-08 15:05:01.367131');
INSERT INTO "deliveries" VALUES(2,'rehearsal','reading-week',2027,'why-we-read','x','post','2027-03-08','2027-03-08 17:00:00.000000','2027-03-09 05:00:00.000000','missed','','its window closed before it could go: nothing ran, or nothing could be sent, while it was open',0,'',NULL,'2027-03-09 15:05:00.857838');
INSERT INTO "deliveries" VALUES(3,'rehearsal','reading-week',2027,'a-book-a-day','email','email','2027-03-09','2027-03-09 12:30:00.000000','2027-03-10 05:00:00.000000','sent','e7afb1d97b8d0e97bab4fe974b9ee2ca2ac8e572fb4b02b9aa4fbff2297acf47','live would have refused: the mode is "rehearsal"',4,'f0ab52fd853df90050925e6a9df2db00','2027-03-09 15:05:00.966780','2027-03-09 15:05:01.057206');
INSERT INTO "deliveries" VALUES(4,'rehearsal','reading-week',2027,'a-book-a-day','x','post','2027-03-09','2027-03-09 15:00:00.000000','2027-03-10 05:00:00.000000','sent','ae8726ab497644eeb3c97d25097f4d13c8027e9cf8adf9797f576fa05387751d','live would have refused: the mode is "rehearsal"',1,'','2027-03-09 15:05:01.068771','2027-03-09 15:05:01.110998');
INSERT INTO "deliveries" VALUES(5,'rehearsal','reading-week',2027,'then-and-now','email','email','2027-03-10','2027-03-10 12:30:00.000000','2027-03-11 05:00:00.000000','sent','e1f105680841d2c8eb30076e7914eb289dc7f6b47c691c17ff7fe43b597d1787','live would have refused: the mode is "rehearsal"',4,'f0ab52fd853df90050925e6a9df2db00','2027-03-10 15:05:01.304306','2027-03-10 15:05:01.442845');
INSERT INTO "deliveries" VALUES(6,'rehearsal','reading-week',2027,'then-and-now','x','post','2027-03-10','2027-03-10 15:00:00.000000','2027-03-11 05:00:00.000000','scheduled','','held by Ada since 2027-03-09 17:00 UTC: strike',0,'',NULL,'2027-03-10 15:05:01.477817');
CREATE TABLE events (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	kind VARCHAR(64) NOT NULL, 
	who VARCHAR(200) NOT NULL, 
	delivery_id INTEGER, 
	data TEXT NOT NULL, 
	previous VARCHAR(64) NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_events PRIMARY KEY (id)
);
INSERT INTO "events" VALUES(1,'2027-03-01 14:00:00.000000','subscriber.left','reader',NULL,'{"subscriber": "f0ab52fdc70ecc4fc397c250314dccaa", "why": "list"}','0000000000000000000000000000000000000000000000000000000000000000','629502a28cf381f8d0d9c371f9b3b7160b5e5f136069c3194fd999da05e840cd');
INSERT INTO "events" VALUES(2,'2027-03-01 14:05:00.464681','record.signed','Ada',NULL,'{"campaign": "reading-week", "record_hash": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "role": "fact reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-2025"}','629502a28cf381f8d0d9c371f9b3b7160b5e5f136069c3194fd999da05e840cd','fa42bd1d27767346c9952c797a6961e45835dc244262bd283664224f9f8188f1');
INSERT INTO "events" VALUES(3,'2027-03-01 14:05:00.482383','record.signed','Ada',NULL,'{"campaign": "reading-week", "record_hash": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "role": "fact reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-1990"}','fa42bd1d27767346c9952c797a6961e45835dc244262bd283664224f9f8188f1','c38a3350e4c7aa553d1b0a82ccea398413506d5a3b23366d4850c82d3ee9c910');
INSERT INTO "events" VALUES(4,'2027-03-01 14:06:00.435380','record.signed','Ada',NULL,'{"campaign": "reading-week", "record_hash": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de", "role": "fact reviewer", "signed_on": "2027-03-01", "subject": "contact", "subject_id": "desk-phone"}','c38a3350e4c7aa553d1b0a82ccea398413506d5a3b23366d4850c82d3ee9c910','9b756b17cda14c5c2d4026f3249a93a7f20251c6f29659ad1d9a0230c9e480df');
INSERT INTO "events" VALUES(5,'2027-03-01 14:07:00.432803','record.signed','Grace',NULL,'{"campaign": "reading-week", "record_hash": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "role": "fact reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-2025"}','9b756b17cda14c5c2d4026f3249a93a7f20251c6f29659ad1d9a0230c9e480df','e4ada603f4cfba55200459165fd4614aabd66166f8955b4f8db21a9a32c332b2');
INSERT INTO "events" VALUES(6,'2027-03-01 14:07:00.466162','record.signed','Grace',NULL,'{"campaign": "reading-week", "record_hash": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "role": "fact reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-1990"}','e4ada603f4cfba55200459165fd4614aabd66166f8955b4f8db21a9a32c332b2','f913d32be58751df6c36fac48b07966f849b3f3c7df4d035ee723605e09782c6');
INSERT INTO "events" VALUES(7,'2027-03-01 14:08:00.390445','record.signed','Grace',NULL,'{"campaign": "reading-week", "record_hash": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de", "role": "fact reviewer", "signed_on": "2027-03-01", "subject": "contact", "subject_id": "desk-phone"}','f913d32be58751df6c36fac48b07966f849b3f3c7df4d035ee723605e09782c6','07c57879330fcb2d80f9b5232bab9a562cf7607ea74969c3d6e1c0f237e93d52');
INSERT INTO "events" VALUES(8,'2027-03-01 14:11:01.438147','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "email", "comment": "", "digest": "4f1257d1c969ba667d0e94be7dd2a311b53909077714b2618fc34080cab16581", "item": "why-we-read", "role": "coordinator", "season": 2027}','07c57879330fcb2d80f9b5232bab9a562cf7607ea74969c3d6e1c0f237e93d52','08d8763fa98817e7b6f6fda6ce769112246a0d4009f63f94212d480add8fd7f2');
INSERT INTO "events" VALUES(9,'2027-03-01 14:11:01.472208','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "x", "comment": "", "digest": "f3365793952b3ac19e6ca518041156a59fe5602c77e68c3d5a756e8abbdbf4a5", "item": "why-we-read", "role": "coordinator", "season": 2027}','08d8763fa98817e7b6f6fda6ce769112246a0d4009f63f94212d480add8fd7f2','4f07304937ca04186306bd1f00263a14bf75a5a8178266f7437810a10b256a7f');
INSERT INTO "events" VALUES(10,'2027-03-01 14:11:01.476042','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "email", "comment": "", "digest": "e7afb1d97b8d0e97bab4fe974b9ee2ca2ac8e572fb4b02b9aa4fbff2297acf47", "item": "a-book-a-day", "role": "coordinator", "season": 2027}','4f07304937ca04186306bd1f00263a14bf75a5a8178266f7437810a10b256a7f','d45b19a379dccad235bd595a2d455bd15f92bea78f1a2b39987b004d10ed10d6');
INSERT INTO "events" VALUES(11,'2027-03-01 14:11:01.483601','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "x", "comment": "", "digest": "ae8726ab497644eeb3c97d25097f4d13c8027e9cf8adf9797f576fa05387751d", "item": "a-book-a-day", "role": "coordinator", "season": 2027}','d45b19a379dccad235bd595a2d455bd15f92bea78f1a2b39987b004d10ed10d6','d5386b256fc509d1c360d2454ad6f0043c6f3d22b293ad7a6579eb2d18ed8594');
INSERT INTO "events" VALUES(12,'2027-03-01 14:11:01.492616','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "email", "comment": "", "digest": "e1f105680841d2c8eb30076e7914eb289dc7f6b47c691c17ff7fe43b597d1787", "item": "then-and-now", "role": "coordinator", "season": 2027}','d5386b256fc509d1c360d2454ad6f0043c6f3d22b293ad7a6579eb2d18ed8594','b5b729206712a1b714e40dfe4b029e4cad26277876fc4569c2a8094cfc1cfba5');
INSERT INTO "events" VALUES(13,'2027-03-01 14:11:01.504092','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "x", "comment": "", "digest": "a21e1579152b1c112f45cbd7a27b5eaefde85adb738c57d936b62465dcfb0edd", "item": "then-and-now", "role": "coordinator", "season": 2027}','b5b729206712a1b714e40dfe4b029e4cad26277876fc4569c2a8094cfc1cfba5','3b9c64922077f9dd98dc7958cb41797414342122032e8387bece6b813977d8c4');
INSERT INTO "events" VALUES(14,'2027-03-01 14:12:00.857324','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "email", "comment": "", "digest": "4f1257d1c969ba667d0e94be7dd2a311b53909077714b2618fc34080cab16581", "item": "why-we-read", "role": "coordinator", "season": 2027}','3b9c64922077f9dd98dc7958cb41797414342122032e8387bece6b813977d8c4','b75e8e9e410dd36039488f731558483f84a8d0ba376541e2fb6389f353c23308');
INSERT INTO "events" VALUES(15,'2027-03-01 14:12:00.885635','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "x", "comment": "", "digest": "f3365793952b3ac19e6ca518041156a59fe5602c77e68c3d5a756e8abbdbf4a5", "item": "why-we-read", "role": "coordinator", "season": 2027}','b75e8e9e410dd36039488f731558483f84a8d0ba376541e2fb6389f353c23308','28d71016c496bb13e518f64d4d0c2b81dd375772dfd295b0ce89b672c263a4ee');
INSERT INTO "events" VALUES(16,'2027-03-01 14:12:00.891459','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "email", "comment": "", "digest": "e7afb1d97b8d0e97bab4fe974b9ee2ca2ac8e572fb4b02b9aa4fbff2297acf47", "item": "a-book-a-day", "role": "coordinator", "season": 2027}','28d71016c496bb13e518f64d4d0c2b81dd375772dfd295b0ce89b672c263a4ee','1f5707fe86ad258bac8145b6b7904700e5fbf93256f59acee8026b0d73631430');
INSERT INTO "events" VALUES(17,'2027-03-01 14:12:00.898104','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "x", "comment": "", "digest": "ae8726ab497644eeb3c97d25097f4d13c8027e9cf8adf9797f576fa05387751d", "item": "a-book-a-day", "role": "coordinator", "season": 2027}','1f5707fe86ad258bac8145b6b7904700e5fbf93256f59acee8026b0d73631430','f652bef6215549bb560d50e460d7b82e682c743da6c2813ee66bc7edf6500ad2');
INSERT INTO "events" VALUES(18,'2027-03-01 14:12:00.902061','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "email", "comment": "", "digest": "e1f105680841d2c8eb30076e7914eb289dc7f6b47c691c17ff7fe43b597d1787", "item": "then-and-now", "role": "coordinator", "season": 2027}','f652bef6215549bb560d50e460d7b82e682c743da6c2813ee66bc7edf6500ad2','211cf22c9141363648c711b9d235b0c6997f11e7c1d996d542f0a8bd866dc244');
INSERT INTO "events" VALUES(19,'2027-03-01 14:12:00.910312','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "x", "comment": "", "digest": "a21e1579152b1c112f45cbd7a27b5eaefde85adb738c57d936b62465dcfb0edd", "item": "then-and-now", "role": "coordinator", "season": 2027}','211cf22c9141363648c711b9d235b0c6997f11e7c1d996d542f0a8bd866dc244','9e206ef58c4f5a4242ad853daf0ebce3ef911ef7c6d758157d8e6c6f320a0dda');
INSERT INTO "events" VALUES(20,'2027-03-01 14:15:00.830684','season.armed','Ada',NULL,'{"campaign": "reading-week", "season": 2027}','9e206ef58c4f5a4242ad853daf0ebce3ef911ef7c6d758157d8e6c6f320a0dda','3ba8875d9f35cfc9fde54a1ecae27f42f5d7a72c7d662b9a5744009624726950');
INSERT INTO "events" VALUES(21,'2027-03-01 14:16:01.119036','delivery.planned','plan',1,'{"campaign": "reading-week", "channel": "email", "due_at": "2027-03-08T12:30:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "mode": "rehearsal", "season": 2027}','3ba8875d9f35cfc9fde54a1ecae27f42f5d7a72c7d662b9a5744009624726950','a51ed9359024761f974e5870302cc40702fc94ce0f56c405a4b0a832bb24da0a');
INSERT INTO "events" VALUES(22,'2027-03-01 14:16:01.119036','delivery.planned','plan',2,'{"campaign": "reading-week", "channel": "x", "due_at": "2027-03-08T17:00:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "mode": "rehearsal", "season": 2027}','a51ed9359024761f974e5870302cc40702fc94ce0f56c405a4b0a832bb24da0a','5886178dc68b94ec7f01b576d2c1b3db0b393d43984a4249022f8f66033d16e1');
INSERT INTO "events" VALUES(23,'2027-03-01 14:16:01.119036','delivery.planned','plan',3,'{"campaign": "reading-week", "channel": "email", "due_at": "2027-03-09T12:30:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "mode": "rehearsal", "season": 2027}','5886178dc68b94ec7f01b576d2c1b3db0b393d43984a4249022f8f66033d16e1','ebd9baac356a36a52255032ab310e7a4e7bd39bc0238cbf91a35b87a3a337a49');
INSERT INTO "events" VALUES(24,'2027-03-01 14:16:01.119036','delivery.planned','plan',4,'{"campaign": "reading-week", "channel": "x", "due_at": "2027-03-09T15:00:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "mode": "rehearsal", "season": 2027}','ebd9baac356a36a52255032ab310e7a4e7bd39bc0238cbf91a35b87a3a337a49','de7700d3a7984cc1f20b181d2b2537daec63f7c54ba6dfd2d700a26c64b9ba4d');
INSERT INTO "events" VALUES(25,'2027-03-01 14:16:01.119036','delivery.planned','plan',5,'{"campaign": "reading-week", "channel": "email", "due_at": "2027-03-10T12:30:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "mode": "rehearsal", "season": 2027}','de7700d3a7984cc1f20b181d2b2537daec63f7c54ba6dfd2d700a26c64b9ba4d','041014b1618d63f99b346df004ef439c5c45658715b817fe7e668e066951439a');
INSERT INTO "events" VALUES(26,'2027-03-01 14:16:01.119036','delivery.planned','plan',6,'{"campaign": "reading-week", "channel": "x", "due_at": "2027-03-10T15:00:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "mode": "rehearsal", "season": 2027}','041014b1618d63f99b346df004ef439c5c45658715b817fe7e668e066951439a','a2b81a1bbb906a0bd96d7805b547c6b697c05354ced4bdbcf8be284af405933e');
INSERT INTO "events" VALUES(27,'2027-03-08 15:05:01.245773','delivery.opened','tick',1,'{"frozen": 4}','a2b81a1bbb906a0bd96d7805b547c6b697c05354ced4bdbcf8be284af405933e','d3e4a9f73665a67720af0821f9c99daa0290ce321378723b129fedbaecd20c60');
INSERT INTO "events" VALUES(28,'2027-03-08 15:05:01.337276','attempt.begun','tick',1,'{"attempt": 1, "batch": 1, "digest": "4f1257d1c969ba667d0e94be7dd2a311b53909077714b2618fc34080cab16581", "node": "old-host:22449", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 4, "token": "eb585748eb0a198615aa40e9bb272497"}','d3e4a9f73665a67720af0821f9c99daa0290ce321378723b129fedbaecd20c60','27fd21065de590b69a4d5ef7965a2eab33e2ed5d76f597277c1b0bbadb0ccbb9');
INSERT INTO "events" VALUES(29,'2027-03-08 15:05:01.367131','attempt.accepted','tick',1,'{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-d9e6d7aa007763d4bccc581ebf81f2b9-e2be2effc1", "retry_at": null, "status": null, "token": "eb585748eb0a198615aa40e9bb272497"}','27fd21065de590b69a4d5ef7965a2eab33e2ed5d76f597277c1b0bbadb0ccbb9','61beb53939da938f2a9c4fb4f06e8488f1d96a360756061945c0ecd7c662ec9a');
INSERT INTO "events" VALUES(30,'2027-03-09 15:05:00.857838','delivery.missed','tick',2,'{"channel": "x", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "why": "nothing ran, or nothing could be sent, while it was open"}','61beb53939da938f2a9c4fb4f06e8488f1d96a360756061945c0ecd7c662ec9a','c4be7df78d36e51c4c0208efa8389f527015b3fd289c65ecf005bedd2415af85');
INSERT INTO "events" VALUES(31,'2027-03-09 15:05:00.966780','delivery.opened','tick',3,'{"frozen": 4}','c4be7df78d36e51c4c0208efa8389f527015b3fd289c65ecf005bedd2415af85','e40d4ad90e449045964e0ba101885dc3364407e8e1d773772799e048bf7e54ad');
INSERT INTO "events" VALUES(32,'2027-03-09 15:05:01.017180','attempt.begun','tick',3,'{"attempt": 1, "batch": 1, "digest": "e7afb1d97b8d0e97bab4fe974b9ee2ca2ac8e572fb4b02b9aa4fbff2297acf47", "node": "old-host:22519", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 4, "token": "38d3f197441d6f81ac34a40ed195efa1"}','e40d4ad90e449045964e0ba101885dc3364407e8e1d773772799e048bf7e54ad','5a4a62b2293864adfb76eacfde2aff8d3b18a410daafd08f39917583cd716632');
INSERT INTO "events" VALUES(33,'2027-03-09 15:05:01.057206','attempt.accepted','tick',3,'{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-dd6a8c1ecf2f134327e7e241c5afad19-4739edb7e4", "retry_at": null, "status": null, "token": "38d3f197441d6f81ac34a40ed195efa1"}','5a4a62b2293864adfb76eacfde2aff8d3b18a410daafd08f39917583cd716632','c94043cad2272384e22e2a29ca88fe3b4689be1a79f36059236219549e4f0ec9');
INSERT INTO "events" VALUES(34,'2027-03-09 15:05:01.068771','delivery.opened','tick',4,'{"frozen": 1}','c94043cad2272384e22e2a29ca88fe3b4689be1a79f36059236219549e4f0ec9','322c84f92d76699ad8c01c24f29214bfbaf2e2327ef9790fc79ae42f18979337');
INSERT INTO "events" VALUES(35,'2027-03-09 15:05:01.091937','attempt.begun','tick',4,'{"attempt": 1, "batch": 1, "digest": "ae8726ab497644eeb3c97d25097f4d13c8027e9cf8adf9797f576fa05387751d", "node": "old-host:22519", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 0, "token": "f4cf5467f6995248fa6a26eb0fd664d1"}','322c84f92d76699ad8c01c24f29214bfbaf2e2327ef9790fc79ae42f18979337','04ecd445d2a47d6f0f1ee12958477744074beb883fcef869a53bf750af98d241');
INSERT INTO "events" VALUES(36,'2027-03-09 15:05:01.110998','attempt.accepted','tick',4,'{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-text-c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5-68a654e99d", "retry_at": null, "status": null, "token": "f4cf5467f6995248fa6a26eb0fd664d1"}','04ecd445d2a47d6f0f1ee12958477744074beb883fcef869a53bf750af98d241','2af0bbdb4e5820f0a3c2a0489ba6a0649384dba4b336daf67fc8572adc9456d9');
INSERT INTO "events" VALUES(37,'2027-03-09 17:00:00.429157','hold.set','Ada',NULL,'{"channel": "x", "why": "strike"}','2af0bbdb4e5820f0a3c2a0489ba6a0649384dba4b336daf67fc8572adc9456d9','cd95ca26f50cb10356b42e61fefb73c75c8e31c85e711fb29f0ed0c1f6decbde');
INSERT INTO "events" VALUES(38,'2027-03-10 15:05:01.304306','delivery.opened','tick',5,'{"frozen": 4}','cd95ca26f50cb10356b42e61fefb73c75c8e31c85e711fb29f0ed0c1f6decbde','2f93dcb25d24893ea25fb27761dec2bf07d180f5eb51ad2a2da5bd9871f06774');
INSERT INTO "events" VALUES(39,'2027-03-10 15:05:01.400490','attempt.begun','tick',5,'{"attempt": 1, "batch": 1, "digest": "e1f105680841d2c8eb30076e7914eb289dc7f6b47c691c17ff7fe43b597d1787", "node": "old-host:22569", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 4, "token": "f2f18c353a3e60e2a2bdd0ec27999315"}','2f93dcb25d24893ea25fb27761dec2bf07d180f5eb51ad2a2da5bd9871f06774','15c6e406cb4e22cfdb7a7e606b9473b25a46286b095b921d614ceb8da8ee7e3c');
INSERT INTO "events" VALUES(40,'2027-03-10 15:05:01.442845','attempt.accepted','tick',5,'{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-44fdac246744c5e2043b293da77f9130-1f398d4aa1", "retry_at": null, "status": null, "token": "f2f18c353a3e60e2a2bdd0ec27999315"}','15c6e406cb4e22cfdb7a7e606b9473b25a46286b095b921d614ceb8da8ee7e3c','e806756d383b01e192de2c8a5826dcc4db4b553fe96e58f970894e5832f5eb9f');
INSERT INTO "events" VALUES(41,'2027-03-10 15:05:01.477817','delivery.waits','tick',6,'{"why": "held by Ada since 2027-03-09 17:00 UTC: strike"}','e806756d383b01e192de2c8a5826dcc4db4b553fe96e58f970894e5832f5eb9f','d29588a21abe97b229835b6df642f60c53db311dd8b3e474662d260fdd0e07d0');
CREATE TABLE holds (
	id INTEGER NOT NULL, 
	channel VARCHAR(100) NOT NULL, 
	who VARCHAR(200) NOT NULL, 
	why TEXT NOT NULL, 
	held_at DATETIME NOT NULL, 
	released_by VARCHAR(200) DEFAULT '' NOT NULL, 
	released_at DATETIME, 
	CONSTRAINT pk_holds PRIMARY KEY (id)
);
INSERT INTO "holds" VALUES(1,'x','Ada','strike','2027-03-09 17:00:00.429157','',NULL);
CREATE TABLE ledger (
	id INTEGER NOT NULL, 
	ledger_id VARCHAR(32) NOT NULL, 
	events INTEGER NOT NULL, 
	last_hash VARCHAR(64) NOT NULL, 
	copied_at DATETIME, 
	CONSTRAINT pk_ledger PRIMARY KEY (id), 
	CONSTRAINT ck_ledger_one_row CHECK (id = 1)
);
INSERT INTO "ledger" VALUES(1,'901c85326d595c52e5ac206689cfe383',41,'d29588a21abe97b229835b6df642f60c53db311dd8b3e474662d260fdd0e07d0',NULL);
CREATE TABLE messages (
	digest VARCHAR(64) NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT pk_messages PRIMARY KEY (digest)
);
INSERT INTO "messages" VALUES('4f1257d1c969ba667d0e94be7dd2a311b53909077714b2618fc34080cab16581','{"body": {"from_address": "news@example.org", "from_name": "Example Coalition", "headers": {"Auto-Submitted": "auto-generated", "List-Id": "Reading Week <reading-week.news.example.org>"}, "html": "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Why we read</title>\n<style>@media (prefers-color-scheme:dark){.page{background-color:#12171e!important}.card{background-color:#1b222c!important}.card,.h1,.h2,.h3,.quote,.help,.help_title,.digits,.digits_small,.help_line,.part,.part_now{color:#e8edf3!important}.lead,.eyebrow,.attribution,.small,.foot,.help_hours{color:#a5b0bd!important}.link{color:#8db8f2!important}.blockquote,.action{border-color:#8db8f2!important}.note{border-color:#7d8896!important}.hr,.part{border-color:#3a4553!important}.help,.part_now{background-color:#12171e!important;border-color:#8db8f2!important}.button{background-color:#8db8f2!important}.button_link{color:#12171e!important}}@media (max-width:480px){.outer{padding:0 0 24px!important}.band,.card{padding-left:16px!important;padding-right:16px!important;border-radius:0!important}.help{padding:16px 16px 0!important}}</style>\n</head>\n<body class=\"page\" style=\"margin:0;padding:0;background-color:#eaf1fb;-webkit-text-size-adjust:100%;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"outer\" align=\"center\" style=\"padding:8px 8px 32px\">\n<table role=\"presentation\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"width:100%;max-width:600px;border-collapse:separate;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<tr><td class=\"lead\" align=\"left\" style=\"padding:8px 16px;font-size:14px;line-height:1.5;color:#56616f\">Five days, five short letters</td></tr>\n<tr><td class=\"band\" align=\"left\" style=\"padding:16px 24px;background-color:#1f4e8c;color:#ffffff;border-radius:6px 6px 0 0\">\n<p style=\"margin:0;font-size:18px;line-height:1.3;font-weight:bold;color:#ffffff\">Reading Week</p>\n<p style=\"margin:4px 0 0;font-size:15px;line-height:1.4;color:#ffffff\">Day 1 of 3, Monday 8 March 2027</p>\n</td></tr>\n<tr><td class=\"card\" align=\"left\" style=\"padding:24px 24px 8px;background-color:#ffffff;color:#1b2430;border-radius:0 0 6px 6px;overflow-wrap:break-word;word-break:break-word\">\n<h1 class=\"h1\" style=\"margin:0 0 16px;font-size:26px;line-height:1.25;font-weight:bold;color:#1b2430\">Why we read</h1>\n<p style=\"margin:0 0 16px\">Good morning.</p>\n<p style=\"margin:0 0 16px\">the town library had 4,100 members at the end of 2025, says the Annual Report 2025.</p>\n<p class=\"small\" style=\"margin:0 0 8px;font-size:14px;line-height:1.5;color:#56616f\">\nFigures: 4,100, as of December 2025. Source: <a class=\"link\" href=\"https://library.example/report-2025\" style=\"color:#1f4e8c;text-decoration:underline\">Annual Report 2025</a>, Town Library, February 2026.\n</p>\n<div style=\"height:12px;line-height:12px;font-size:1px\">&nbsp;</div>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"help\" style=\"padding:20px 20px 4px;background-color:#eaf1fb;color:#1b2430;border:2px solid #1f4e8c;border-radius:6px\">\n<h2 class=\"help_title\" style=\"margin:0 0 12px;font-size:20px;line-height:1.3;font-weight:bold;color:#1b2430\">Help</h2>\n<p class=\"digits\" style=\"margin:0;font-size:28px;line-height:1.3;font-weight:bold;color:#1b2430\"><a class=\"link\" href=\"tel:+15550100199\" style=\"color:#1f4e8c;text-decoration:underline\">1-555-010-0199</a></p>\n<p class=\"help_line\" style=\"margin:0;font-size:15px;line-height:1.45;color:#1b2430\">\n<strong>Library desk.</strong> Questions about books, cards and events.\n</p>\n<p class=\"help_hours\" style=\"margin:0 0 16px;font-size:14px;line-height:1.5;color:#56616f\">\nMonday to Friday, 9 to 17. English.\n</p>\n</td>\n</tr></table>\n<div style=\"height:20px;line-height:20px;font-size:1px\">&nbsp;</div>\n</td></tr>\n<tr><td class=\"foot\" align=\"left\" style=\"padding:20px 16px 0;font-size:14px;line-height:1.5;color:#56616f\">\n<p style=\"margin:0 0 16px\">You get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.</p>\n<p style=\"margin:0 0 16px\"><a class=\"link\" href=\"%unsubscribe_url%\" style=\"color:#1f4e8c;text-decoration:underline\">Get fewer of these emails, or stop them</a>.</p>\n<p style=\"margin:0 0 16px\">If someone checks this inbox, use a safer device to read about this or to look for help.</p>\n<p style=\"margin:0 0 16px\">A reply reaches Example Coalition. It is not a help line and may be read late; use the numbers above for help.</p>\n<p style=\"margin:0 0 16px\">Example Coalition<br>1 Example Street, Example Town, EX 00000</p>\n</td></tr>\n</table>\n</td>\n</tr></table>\n</body>\n</html>\n", "list_id": "Reading Week <reading-week.news.example.org>", "preheader": "Five days, five short letters", "reply_to": "hello@example.org", "subject": "Why we read", "text": "Five days, five short letters\n\nReading Week\nDay 1 of 3, Monday 8 March 2027\n\nWhy we read\n===========\n\nGood morning.\n\nthe town library had 4,100 members at the end of 2025, says the Annual\nReport 2025.\n\nFigures: 4,100, as of December 2025. Source: Annual Report 2025, Town\nLibrary, February 2026.\nhttps://library.example/report-2025\n\nHelp\n----\n\n1-555-010-0199\n  Library desk. Questions about books, cards and events. Monday to\n  Friday, 9 to 17. English.\n\n------------------------------------------------------------------------\n\nYou get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.\n\nGet fewer of these emails, or stop them:\n%unsubscribe_url%\n\nIf someone checks this inbox, use a safer device to read about this or\nto look for help.\n\nA reply reaches Example Coalition. It is not a help line and may be read\nlate; use the numbers above for help.\n\nExample Coalition\n1 Example Street, Example Town, EX 00000\n", "tokens": ["%unsubscribe_url%"], "type": "EmailBody"}, "campaign": "reading-week", "channel": "email", "claims": ["members-2025"], "contacts": ["desk-phone"], "due_at": "2027-03-08T12:30:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "kind": "fact", "links": ["https://library.example/report-2025"], "on": "2027-03-08", "quotations": [], "rests_on": {"claim:members-2025": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
INSERT INTO "messages" VALUES('e7afb1d97b8d0e97bab4fe974b9ee2ca2ac8e572fb4b02b9aa4fbff2297acf47','{"body": {"from_address": "news@example.org", "from_name": "Example Coalition", "headers": {"Auto-Submitted": "auto-generated", "List-Id": "Reading Week <reading-week.news.example.org>"}, "html": "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Ten minutes a day</title>\n<style>@media (prefers-color-scheme:dark){.page{background-color:#12171e!important}.card{background-color:#1b222c!important}.card,.h1,.h2,.h3,.quote,.help,.help_title,.digits,.digits_small,.help_line,.part,.part_now{color:#e8edf3!important}.lead,.eyebrow,.attribution,.small,.foot,.help_hours{color:#a5b0bd!important}.link{color:#8db8f2!important}.blockquote,.action{border-color:#8db8f2!important}.note{border-color:#7d8896!important}.hr,.part{border-color:#3a4553!important}.help,.part_now{background-color:#12171e!important;border-color:#8db8f2!important}.button{background-color:#8db8f2!important}.button_link{color:#12171e!important}}@media (max-width:480px){.outer{padding:0 0 24px!important}.band,.card{padding-left:16px!important;padding-right:16px!important;border-radius:0!important}.help{padding:16px 16px 0!important}}</style>\n</head>\n<body class=\"page\" style=\"margin:0;padding:0;background-color:#eaf1fb;-webkit-text-size-adjust:100%;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"outer\" align=\"center\" style=\"padding:8px 8px 32px\">\n<table role=\"presentation\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"width:100%;max-width:600px;border-collapse:separate;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<tr><td class=\"band\" align=\"left\" style=\"padding:16px 24px;background-color:#1f4e8c;color:#ffffff;border-radius:6px 6px 0 0\">\n<p style=\"margin:0;font-size:18px;line-height:1.3;font-weight:bold;color:#ffffff\">Reading Week</p>\n<p style=\"margin:4px 0 0;font-size:15px;line-height:1.4;color:#ffffff\">Day 2 of 3, Tuesday 9 March 2027</p>\n</td></tr>\n<tr><td class=\"card\" align=\"left\" style=\"padding:24px 24px 8px;background-color:#ffffff;color:#1b2430;border-radius:0 0 6px 6px;overflow-wrap:break-word;word-break:break-word\">\n<h1 class=\"h1\" style=\"margin:0 0 16px;font-size:26px;line-height:1.25;font-weight:bold;color:#1b2430\">Ten minutes a day</h1>\n<p style=\"margin:0 0 16px\">Ten minutes a day are a book a month.</p>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"help\" style=\"padding:20px 20px 4px;background-color:#eaf1fb;color:#1b2430;border:2px solid #1f4e8c;border-radius:6px\">\n<h2 class=\"help_title\" style=\"margin:0 0 12px;font-size:20px;line-height:1.3;font-weight:bold;color:#1b2430\">Help</h2>\n<p class=\"digits\" style=\"margin:0;font-size:28px;line-height:1.3;font-weight:bold;color:#1b2430\"><a class=\"link\" href=\"tel:+15550100199\" style=\"color:#1f4e8c;text-decoration:underline\">1-555-010-0199</a></p>\n<p class=\"help_line\" style=\"margin:0;font-size:15px;line-height:1.45;color:#1b2430\">\n<strong>Library desk.</strong> Questions about books, cards and events.\n</p>\n<p class=\"help_hours\" style=\"margin:0 0 16px;font-size:14px;line-height:1.5;color:#56616f\">\nMonday to Friday, 9 to 17. English.\n</p>\n</td>\n</tr></table>\n<div style=\"height:20px;line-height:20px;font-size:1px\">&nbsp;</div>\n</td></tr>\n<tr><td class=\"foot\" align=\"left\" style=\"padding:20px 16px 0;font-size:14px;line-height:1.5;color:#56616f\">\n<p style=\"margin:0 0 16px\">You get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.</p>\n<p style=\"margin:0 0 16px\"><a class=\"link\" href=\"%unsubscribe_url%\" style=\"color:#1f4e8c;text-decoration:underline\">Get fewer of these emails, or stop them</a>.</p>\n<p style=\"margin:0 0 16px\">If someone checks this inbox, use a safer device to read about this or to look for help.</p>\n<p style=\"margin:0 0 16px\">A reply reaches Example Coalition. It is not a help line and may be read late; use the numbers above for help.</p>\n<p style=\"margin:0 0 16px\">Example Coalition<br>1 Example Street, Example Town, EX 00000</p>\n</td></tr>\n</table>\n</td>\n</tr></table>\n</body>\n</html>\n", "list_id": "Reading Week <reading-week.news.example.org>", "preheader": "", "reply_to": "hello@example.org", "subject": "Ten minutes a day", "text": "Reading Week\nDay 2 of 3, Tuesday 9 March 2027\n\nTen minutes a day\n=================\n\nTen minutes a day are a book a month.\n\nHelp\n----\n\n1-555-010-0199\n  Library desk. Questions about books, cards and events. Monday to\n  Friday, 9 to 17. English.\n\n------------------------------------------------------------------------\n\nYou get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.\n\nGet fewer of these emails, or stop them:\n%unsubscribe_url%\n\nIf someone checks this inbox, use a safer device to read about this or\nto look for help.\n\nA reply reaches Example Coalition. It is not a help line and may be read\nlate; use the numbers above for help.\n\nExample Coalition\n1 Example Street, Example Town, EX 00000\n", "tokens": ["%unsubscribe_url%"], "type": "EmailBody"}, "campaign": "reading-week", "channel": "email", "claims": [], "contacts": ["desk-phone"], "due_at": "2027-03-09T12:30:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "kind": "action", "links": [], "on": "2027-03-09", "quotations": [], "rests_on": {"contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
INSERT INTO "messages" VALUES('ae8726ab497644eeb3c97d25097f4d13c8027e9cf8adf9797f576fa05387751d','{"body": {"alt_text": "", "characters": 67, "contains_url": false, "limit": 280, "text": "Ten minutes a day are a book a month.\n\nLibrary desk: 1-555-010-0199", "type": "PostBody"}, "campaign": "reading-week", "channel": "x", "claims": [], "contacts": ["desk-phone"], "due_at": "2027-03-09T15:00:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "kind": "action", "links": [], "on": "2027-03-09", "quotations": [], "rests_on": {"contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
INSERT INTO "messages" VALUES('e1f105680841d2c8eb30076e7914eb289dc7f6b47c691c17ff7fe43b597d1787','{"body": {"from_address": "news@example.org", "from_name": "Example Coalition", "headers": {"Auto-Submitted": "auto-generated", "List-Id": "Reading Week <reading-week.news.example.org>"}, "html": "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>How many readers? Then and now</title>\n<style>@media (prefers-color-scheme:dark){.page{background-color:#12171e!important}.card{background-color:#1b222c!important}.card,.h1,.h2,.h3,.quote,.help,.help_title,.digits,.digits_small,.help_line,.part,.part_now{color:#e8edf3!important}.lead,.eyebrow,.attribution,.small,.foot,.help_hours{color:#a5b0bd!important}.link{color:#8db8f2!important}.blockquote,.action{border-color:#8db8f2!important}.note{border-color:#7d8896!important}.hr,.part{border-color:#3a4553!important}.help,.part_now{background-color:#12171e!important;border-color:#8db8f2!important}.button{background-color:#8db8f2!important}.button_link{color:#12171e!important}}@media (max-width:480px){.outer{padding:0 0 24px!important}.band,.card{padding-left:16px!important;padding-right:16px!important;border-radius:0!important}.help{padding:16px 16px 0!important}}</style>\n</head>\n<body class=\"page\" style=\"margin:0;padding:0;background-color:#eaf1fb;-webkit-text-size-adjust:100%;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"outer\" align=\"center\" style=\"padding:8px 8px 32px\">\n<table role=\"presentation\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"width:100%;max-width:600px;border-collapse:separate;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<tr><td class=\"band\" align=\"left\" style=\"padding:16px 24px;background-color:#1f4e8c;color:#ffffff;border-radius:6px 6px 0 0\">\n<p style=\"margin:0;font-size:18px;line-height:1.3;font-weight:bold;color:#ffffff\">Reading Week</p>\n<p style=\"margin:4px 0 0;font-size:15px;line-height:1.4;color:#ffffff\">Day 3 of 3, Wednesday 10 March 2027</p>\n</td></tr>\n<tr><td class=\"card\" align=\"left\" style=\"padding:24px 24px 8px;background-color:#ffffff;color:#1b2430;border-radius:0 0 6px 6px;overflow-wrap:break-word;word-break:break-word\">\n<p class=\"eyebrow\" style=\"margin:0 0 4px;font-size:14px;line-height:1.5;color:#56616f\">Town Reading Day</p>\n<h1 class=\"h1\" style=\"margin:0 0 16px;font-size:26px;line-height:1.25;font-weight:bold;color:#1b2430\">How many readers? Then and now</h1>\n<p style=\"margin:0 0 16px\">In 1990: 900. Now: 4,100.</p>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"part\" style=\"padding:16px 16px 4px;border:1px solid #d5dbe3;border-radius:6px;color:#1b2430\">\n<h2 class=\"label\" style=\"margin:0 0 8px;font-size:17px;line-height:1.3;font-weight:bold\">Then</h2>\n<p style=\"margin:0 0 4px\">&ldquo;The town has 900 members today, and room for each one of them.&rdquo;</p>\n<p class=\"attribution\" style=\"margin:0 0 12px;font-size:14px;line-height:1.5;color:#56616f\">The founders, founding letter, 1990</p>\n</td>\n</tr></table>\n<div style=\"height:12px;line-height:12px;font-size:1px\">&nbsp;</div>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"part_now\" style=\"padding:16px 16px 4px;border:1px solid #1f4e8c;border-radius:6px;color:#1b2430;background-color:#eaf1fb\">\n<h2 class=\"label\" style=\"margin:0 0 8px;font-size:17px;line-height:1.3;font-weight:bold\">Now</h2>\n<p style=\"margin:0 0 4px\">the town library had 4,100 members at the end of 2025.</p>\n<p class=\"attribution\" style=\"margin:0 0 12px;font-size:14px;line-height:1.5;color:#56616f\">\nSource: <a class=\"link\" href=\"https://library.example/report-2025\" style=\"color:#1f4e8c;text-decoration:underline\">Annual Report 2025</a>, Town Library, February 2026.\n</p>\n</td>\n</tr></table>\n<div style=\"height:20px;line-height:20px;font-size:1px\">&nbsp;</div>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"help\" style=\"padding:20px 20px 4px;background-color:#eaf1fb;color:#1b2430;border:2px solid #1f4e8c;border-radius:6px\">\n<h2 class=\"help_title\" style=\"margin:0 0 12px;font-size:20px;line-height:1.3;font-weight:bold;color:#1b2430\">Help</h2>\n<p class=\"digits\" style=\"margin:0;font-size:28px;line-height:1.3;font-weight:bold;color:#1b2430\"><a class=\"link\" href=\"tel:+15550100199\" style=\"color:#1f4e8c;text-decoration:underline\">1-555-010-0199</a></p>\n<p class=\"help_line\" style=\"margin:0;font-size:15px;line-height:1.45;color:#1b2430\">\n<strong>Library desk.</strong> Questions about books, cards and events.\n</p>\n<p class=\"help_hours\" style=\"margin:0 0 16px;font-size:14px;line-height:1.5;color:#56616f\">\nMonday to Friday, 9 to 17. English.\n</p>\n</td>\n</tr></table>\n<div style=\"height:20px;line-height:20px;font-size:1px\">&nbsp;</div>\n</td></tr>\n<tr><td class=\"foot\" align=\"left\" style=\"padding:20px 16px 0;font-size:14px;line-height:1.5;color:#56616f\">\n<p style=\"margin:0 0 16px\">You get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.</p>\n<p style=\"margin:0 0 16px\"><a class=\"link\" href=\"%unsubscribe_url%\" style=\"color:#1f4e8c;text-decoration:underline\">Get fewer of these emails, or stop them</a>.</p>\n<p style=\"margin:0 0 16px\">If someone checks this inbox, use a safer device to read about this or to look for help.</p>\n<p style=\"margin:0 0 16px\">A reply reaches Example Coalition. It is not a help line and may be read late; use the numbers above for help.</p>\n<p style=\"margin:0 0 16px\">Example Coalition<br>1 Example Street, Example Town, EX 00000</p>\n</td></tr>\n</table>\n</td>\n</tr></table>\n</body>\n</html>\n", "list_id": "Reading Week <reading-week.news.example.org>", "preheader": "", "reply_to": "hello@example.org", "subject": "How many readers? Then and now", "text": "Reading Week\nDay 3 of 3, Wednesday 10 March 2027\n\nTown Reading Day\n\nHow many readers? Then and now\n==============================\n\nIn 1990: 900. Now: 4,100.\n\nThen\n----\n\n“The town has 900 members today, and room for each one of them.”\nThe founders, founding letter, 1990\n\nNow\n---\n\nthe town library had 4,100 members at the end of 2025.\nSource: Annual Report 2025, Town Library, February 2026.\nhttps://library.example/report-2025\n\nHelp\n----\n\n1-555-010-0199\n  Library desk. Questions about books, cards and events. Monday to\n  Friday, 9 to 17. English.\n\n------------------------------------------------------------------------\n\nYou get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.\n\nGet fewer of these emails, or stop them:\n%unsubscribe_url%\n\nIf someone checks this inbox, use a safer device to read about this or\nto look for help.\n\nA reply reaches Example Coalition. It is not a help line and may be read\nlate; use the numbers above for help.\n\nExample Coalition\n1 Example Street, Example Town, EX 00000\n", "tokens": ["%unsubscribe_url%"], "type": "EmailBody"}, "campaign": "reading-week", "channel": "email", "claims": ["members-1990", "members-2025"], "contacts": ["desk-phone"], "due_at": "2027-03-10T12:30:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "kind": "then-now", "links": ["https://library.example/report-2025"], "on": "2027-03-10", "quotations": ["founding-letter#L2"], "rests_on": {"claim:members-1990": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "claim:members-2025": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de", "source:founding-letter": "a86bbacd2670de2fa7b55a69d3ea9bcd55748b01af676e965fe7c773438dae6b"}, "season": 2027}');
CREATE TABLE recipients (
	delivery_id INTEGER NOT NULL, 
	subscriber_id VARCHAR(64) NOT NULL, 
	batch_number INTEGER NOT NULL, 
	state VARCHAR(16), 
	reason TEXT, 
	CONSTRAINT pk_recipients PRIMARY KEY (delivery_id, subscriber_id), 
	CONSTRAINT fk_recipients_delivery_id FOREIGN KEY(delivery_id) REFERENCES deliveries (id)
)
 WITHOUT ROWID

;
INSERT INTO "recipients" VALUES(1,'f0ab52fd116184a73fd2187d2ca7a81b',1,NULL,NULL);
INSERT INTO "recipients" VALUES(1,'f0ab52fd2d85f03b916dff5d85035781',1,NULL,NULL);
INSERT INTO "recipients" VALUES(1,'f0ab52fd60ba68323ca2feea7831638f',1,NULL,NULL);
INSERT INTO "recipients" VALUES(1,'f0ab52fd853df90050925e6a9df2db00',1,NULL,NULL);
INSERT INTO "recipients" VALUES(3,'f0ab52fd116184a73fd2187d2ca7a81b',1,NULL,NULL);
INSERT INTO "recipients" VALUES(3,'f0ab52fd2d85f03b916dff5d85035781',1,NULL,NULL);
INSERT INTO "recipients" VALUES(3,'f0ab52fd60ba68323ca2feea7831638f',1,NULL,NULL);
INSERT INTO "recipients" VALUES(3,'f0ab52fd853df90050925e6a9df2db00',1,NULL,NULL);
INSERT INTO "recipients" VALUES(5,'f0ab52fd116184a73fd2187d2ca7a81b',1,NULL,NULL);
INSERT INTO "recipients" VALUES(5,'f0ab52fd2d85f03b916dff5d85035781',1,NULL,NULL);
INSERT INTO "recipients" VALUES(5,'f0ab52fd60ba68323ca2feea7831638f',1,NULL,NULL);
INSERT INTO "recipients" VALUES(5,'f0ab52fd853df90050925e6a9df2db00',1,NULL,NULL);
CREATE TABLE signatures (
	id INTEGER NOT NULL, 
	campaign VARCHAR(200) NOT NULL, 
	subject VARCHAR(16) NOT NULL, 
	subject_id VARCHAR(200) NOT NULL, 
	record_hash VARCHAR(64) NOT NULL, 
	person VARCHAR(200) NOT NULL, 
	role VARCHAR(100) NOT NULL, 
	signed_on DATE NOT NULL, 
	CONSTRAINT pk_signatures PRIMARY KEY (id), 
	CONSTRAINT uq_signatures_record_person_role UNIQUE (campaign, subject, subject_id, record_hash, person, role)
);
INSERT INTO "signatures" VALUES(1,'reading-week','claim','members-2025','83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37','Ada','fact reviewer','2027-03-01');
INSERT INTO "signatures" VALUES(2,'reading-week','claim','members-1990','b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63','Ada','fact reviewer','2027-03-01');
INSERT INTO "signatures" VALUES(3,'reading-week','contact','desk-phone','c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de','Ada','fact reviewer','2027-03-01');
INSERT INTO "signatures" VALUES(4,'reading-week','claim','members-2025','83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37','Grace','fact reviewer','2027-03-01');
INSERT INTO "signatures" VALUES(5,'reading-week','claim','members-1990','b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63','Grace','fact reviewer','2027-03-01');
INSERT INTO "signatures" VALUES(6,'reading-week','contact','desk-phone','c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de','Grace','fact reviewer','2027-03-01');
CREATE TABLE subscribers (
	id VARCHAR(64) NOT NULL, 
	address TEXT NOT NULL, 
	address_key VARCHAR(320) NOT NULL, 
	name TEXT DEFAULT '' NOT NULL, 
	zone VARCHAR(64) DEFAULT '' NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	source TEXT DEFAULT '' NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_subscribers PRIMARY KEY (id), 
	CONSTRAINT uq_subscribers_address_key UNIQUE (address_key)
);
INSERT INTO "subscribers" VALUES('f0ab52fd2d85f03b916dff5d85035781','ann@example.org','ann@example.org','Ann','','active','import readers.csv','2027-03-01 14:00:01.061762');
INSERT INTO "subscribers" VALUES('f0ab52fd853df90050925e6a9df2db00','ben@example.org','ben@example.org','Ben','America/Chicago','active','import readers.csv','2027-03-01 14:00:01.061762');
INSERT INTO "subscribers" VALUES('f0ab52fd60ba68323ca2feea7831638f','cleo@example.org','cleo@example.org','','','active','import readers.csv','2027-03-01 14:00:01.061762');
INSERT INTO "subscribers" VALUES('f0ab52fdc70ecc4fc397c250314dccaa','dan@example.org','dan@example.org','Dan','','unsubscribed','import readers.csv','2027-03-01 14:00:01.061762');
INSERT INTO "subscribers" VALUES('f0ab52fd116184a73fd2187d2ca7a81b','eve@example.org','eve@example.org','Eve','Europe/Berlin','active','import readers.csv','2027-03-01 14:00:01.061762');
CREATE TABLE suppressions (
	address_key VARCHAR(320) NOT NULL, 
	subscriber_id VARCHAR(64) DEFAULT '' NOT NULL, 
	reason VARCHAR(32) NOT NULL, 
	source TEXT DEFAULT '' NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_suppressions PRIMARY KEY (address_key)
)
 WITHOUT ROWID

;
INSERT INTO "suppressions" VALUES('dan@example.org','f0ab52fdc70ecc4fc397c250314dccaa','list','','2027-03-01 14:00:00.000000');
CREATE INDEX ix_approvals_campaign_season_item_channel ON approvals (campaign, season, item, channel);
CREATE INDEX ix_armings_campaign_season ON armings (campaign, season);
CREATE INDEX ix_deliveries_mode_state_due_at ON deliveries (mode, state, due_at);
CREATE INDEX ix_events_delivery_id ON events (delivery_id);
CREATE INDEX ix_batches_state ON batches (state);
CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
COMMIT;
