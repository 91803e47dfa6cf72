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
INSERT INTO "approvals" VALUES(1,'reading-week',2027,'why-we-read','email','4f1257d1c969ba667d0e94be7dd2a311b53909077714b2618fc34080cab16581','Grace','coordinator','','2027-03-01 14:11:03.150163',NULL,'');
INSERT INTO "approvals" VALUES(2,'reading-week',2027,'why-we-read','x','f3365793952b3ac19e6ca518041156a59fe5602c77e68c3d5a756e8abbdbf4a5','Grace','coordinator','','2027-03-01 14:11:03.193793',NULL,'');
INSERT INTO "approvals" VALUES(3,'reading-week',2027,'a-book-a-day','email','e7afb1d97b8d0e97bab4fe974b9ee2ca2ac8e572fb4b02b9aa4fbff2297acf47','Grace','coordinator','','2027-03-01 14:11:03.210888',NULL,'');
INSERT INTO "approvals" VALUES(4,'reading-week',2027,'a-book-a-day','x','ae8726ab497644eeb3c97d25097f4d13c8027e9cf8adf9797f576fa05387751d','Grace','coordinator','','2027-03-01 14:11:03.235633',NULL,'');
INSERT INTO "approvals" VALUES(5,'reading-week',2027,'then-and-now','email','e1f105680841d2c8eb30076e7914eb289dc7f6b47c691c17ff7fe43b597d1787','Grace','coordinator','','2027-03-01 14:11:03.240044',NULL,'');
INSERT INTO "approvals" VALUES(6,'reading-week',2027,'then-and-now','x','a21e1579152b1c112f45cbd7a27b5eaefde85adb738c57d936b62465dcfb0edd','Grace','coordinator','','2027-03-01 14:11:03.259168',NULL,'');
INSERT INTO "approvals" VALUES(7,'reading-week',2027,'why-we-read','email','4f1257d1c969ba667d0e94be7dd2a311b53909077714b2618fc34080cab16581','Ada','coordinator','','2027-03-01 14:12:03.651007',NULL,'');
INSERT INTO "approvals" VALUES(8,'reading-week',2027,'why-we-read','x','f3365793952b3ac19e6ca518041156a59fe5602c77e68c3d5a756e8abbdbf4a5','Ada','coordinator','','2027-03-01 14:12:03.737259',NULL,'');
INSERT INTO "approvals" VALUES(9,'reading-week',2027,'a-book-a-day','email','e7afb1d97b8d0e97bab4fe974b9ee2ca2ac8e572fb4b02b9aa4fbff2297acf47','Ada','coordinator','','2027-03-01 14:12:03.770393',NULL,'');
INSERT INTO "approvals" VALUES(10,'reading-week',2027,'a-book-a-day','x','ae8726ab497644eeb3c97d25097f4d13c8027e9cf8adf9797f576fa05387751d','Ada','coordinator','','2027-03-01 14:12:03.796720',NULL,'');
INSERT INTO "approvals" VALUES(11,'reading-week',2027,'then-and-now','email','e1f105680841d2c8eb30076e7914eb289dc7f6b47c691c17ff7fe43b597d1787','Ada','coordinator','','2027-03-01 14:12:03.825320',NULL,'');
INSERT INTO "approvals" VALUES(12,'reading-week',2027,'then-and-now','x','a21e1579152b1c112f45cbd7a27b5eaefde85adb738c57d936b62465dcfb0edd','Ada','coordinator','','2027-03-01 14:12:03.853268',NULL,'');
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
INSERT INTO "armings" VALUES(1,'reading-week',2027,'Ada','2027-03-01 14:15:02.595098','',NULL);
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
INSERT INTO "attempts" VALUES('08e6d342f4c2f6e85fc4ed96e0fa1938',1,1,'2027-03-08 15:05:03.710534','old-host:24587','4f1257d1c969ba667d0e94be7dd2a311b53909077714b2618fc34080cab16581','30480bf37e88d60eb7e63fee0b2ffe7b',4,'2027-03-08 15:05:03.779298','accepted',NULL,'rehearsal-30480bf37e88d60eb7e63fee0b2ffe7b-b9d98c4009','rehearsed, not sent');
INSERT INTO "attempts" VALUES('81605b4ae0f75a42ab47327c53863556',2,1,'2027-03-09 15:05:02.391661','old-host:24711','e7afb1d97b8d0e97bab4fe974b9ee2ca2ac8e572fb4b02b9aa4fbff2297acf47','b942bc2f9dda9397359e2d98264a6566',4,'2027-03-09 15:05:02.427828','accepted',NULL,'rehearsal-b942bc2f9dda9397359e2d98264a6566-da5efbb800','rehearsed, not sent');
INSERT INTO "attempts" VALUES('54c1437c7611feba95c9d88e69f4570d',3,1,'2027-03-09 15:05:02.500658','old-host:24711','ae8726ab497644eeb3c97d25097f4d13c8027e9cf8adf9797f576fa05387751d','text:c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5fbf73f66b',0,'2027-03-09 15:05:02.532026','accepted',NULL,'rehearsal-text-c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5-68a654e99d','rehearsed, not sent');
INSERT INTO "attempts" VALUES('924a42d60ba5e92750b52315a0ce7780',4,1,'2027-03-10 15:05:02.121860','old-host:24781','e1f105680841d2c8eb30076e7914eb289dc7f6b47c691c17ff7fe43b597d1787','7e8157c4214a62b0e5fe56d7a691589d',4,'2027-03-10 15:05:02.214615','accepted',NULL,'rehearsal-7e8157c4214a62b0e5fe56d7a691589d-11459fdd37','rehearsed, not sent');
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
INSERT INTO "batches" VALUES(1,1,1,'21740b572f89e43bf54de5428e5fbfdb','21740b57de2e375e50b5930d67d9fe07',4,0,'sent','30480bf37e88d60eb7e63fee0b2ffe7b','2027-03-08 12:30:00.000000',0,1,'08e6d342f4c2f6e85fc4ed96e0fa1938','4f1257d1c969ba667d0e94be7dd2a311b53909077714b2618fc34080cab16581','30480bf37e88d60eb7e63fee0b2ffe7b','2027-03-08 15:05:03.710534','2027-03-08 15:06:43.710534','old-host:24587','rehearsal-30480bf37e88d60eb7e63fee0b2ffe7b-b9d98c4009','rehearsed, not sent',0,0,'2027-03-08 15:05:03.710534');
INSERT INTO "batches" VALUES(2,3,1,'21740b572f89e43bf54de5428e5fbfdb','21740b57de2e375e50b5930d67d9fe07',4,0,'sent','b942bc2f9dda9397359e2d98264a6566','2027-03-09 12:30:00.000000',0,1,'81605b4ae0f75a42ab47327c53863556','e7afb1d97b8d0e97bab4fe974b9ee2ca2ac8e572fb4b02b9aa4fbff2297acf47','b942bc2f9dda9397359e2d98264a6566','2027-03-09 15:05:02.391661','2027-03-09 15:06:42.391661','old-host:24711','rehearsal-b942bc2f9dda9397359e2d98264a6566-da5efbb800','rehearsed, not sent',0,0,'2027-03-09 15:05:02.391661');
INSERT INTO "batches" VALUES(3,4,1,'','',1,0,'sent','84e0ed9439b4ad93bfa65c8b3a408aa8','2027-03-09 15:00:00.000000',0,1,'54c1437c7611feba95c9d88e69f4570d','ae8726ab497644eeb3c97d25097f4d13c8027e9cf8adf9797f576fa05387751d','text:c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5fbf73f66b','2027-03-09 15:05:02.500658','2027-03-09 15:06:42.500658','old-host:24711','rehearsal-text-c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5-68a654e99d','rehearsed, not sent',0,0,'2027-03-09 15:05:02.500658');
INSERT INTO "batches" VALUES(4,5,1,'21740b572f89e43bf54de5428e5fbfdb','21740b57de2e375e50b5930d67d9fe07',4,0,'sent','7e8157c4214a62b0e5fe56d7a691589d','2027-03-10 12:30:00.000000',0,1,'924a42d60ba5e92750b52315a0ce7780','e1f105680841d2c8eb30076e7914eb289dc7f6b47c691c17ff7fe43b597d1787','7e8157c4214a62b0e5fe56d7a691589d','2027-03-10 15:05:02.121860','2027-03-10 15:06:42.121860','old-host:24781','rehearsal-7e8157c4214a62b0e5fe56d7a691589d-11459fdd37','rehearsed, not sent',0,0,'2027-03-10 15:05:02.121860');
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
INSERT INTO "deliveries" VALUES(1,'rehearsal','reading-week',2027,'why-we-read','email','email','2027-03-08','2027-03-08 12:30:00.000000','2027-03-09 05:00:00.000000','sent','4f1257d1c969ba667d0e94be7dd2a311b53909077714b2618fc34080cab16581','live would have refused: the mode is "rehearsal"',4,'21740b57de2e375e50b5930d67d9fe07','2027-03-08 15:05:03.414127','2027-03-08 15:05:03.779298');
INSERT INTO "deliveries" VALUES(2,'rehearsal','reading-week',2027,'why-we-read','x','post','2027-03-08','2027-03-08 17:00:00.000000','2027-03-09 05:00:00.000000','missed','','its window closed before it could go: nothing ran, or nothing could be sent, while it was open',0,'',NULL,'2027-03-09 15:05:02.060444');
INSERT INTO "deliveries" VALUES(3,'rehearsal','reading-week',2027,'a-book-a-day','email','email','2027-03-09','2027-03-09 12:30:00.000000','2027-03-10 05:00:00.000000','sent','e7afb1d97b8d0e97bab4fe974b9ee2ca2ac8e572fb4b02b9aa4fbff2297acf47','live would have refused: the mode is "rehearsal"',4,'21740b57de2e375e50b5930d67d9fe07','2027-03-09 15:05:02.272746','2027-03-09 15:05:02.427828');
INSERT INTO "deliveries" VALUES(4,'rehearsal','reading-week',2027,'a-book-a-day','x','post','2027-03-09','2027-03-09 15:00:00.000000','2027-03-10 05:00:00.000000','sent','ae8726ab497644eeb3c97d25097f4d13c8027e9cf8adf9797f576fa05387751d','live would have refused: the mode is "rehearsal"',1,'','2027-03-09 15:05:02.460987','2027-03-09 15:05:02.532026');
INSERT INTO "deliveries" VALUES(5,'rehearsal','reading-week',2027,'then-and-now','email','email','2027-03-10','2027-03-10 12:30:00.000000','2027-03-11 05:00:00.000000','sent','e1f105680841d2c8eb30076e7914eb289dc7f6b47c691c17ff7fe43b597d1787','live would have refused: the mode is "rehearsal"',4,'21740b57de2e375e50b5930d67d9fe07','2027-03-10 15:05:01.995771','2027-03-10 15:05:02.214615');
INSERT INTO "deliveries" VALUES(6,'rehearsal','reading-week',2027,'then-and-now','x','post','2027-03-10','2027-03-10 15:00:00.000000','2027-03-11 05:00:00.000000','scheduled','','held by Ada since 2027-03-09 17:00 UTC: strike',0,'',NULL,'2027-03-10 15:05:02.273448');
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
INSERT INTO "events" VALUES(1,'2027-03-01 14:00:00.000000','subscriber.left','reader',NULL,'{"subscriber": "21740b57f856f9693a174df3454e3835", "why": "list"}','0000000000000000000000000000000000000000000000000000000000000000','e787198d16e6eef26db551a1f6282a52df6950a12818eb95d3ed48f9a6c0ea66');
INSERT INTO "events" VALUES(2,'2027-03-01 14:05:00.653990','record.signed','Ada',NULL,'{"campaign": "reading-week", "record_hash": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "role": "fact reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-2025"}','e787198d16e6eef26db551a1f6282a52df6950a12818eb95d3ed48f9a6c0ea66','f163583a6d977378a47930e7e29abf7d77a26c91d84de8d7f351333c14b5e6f0');
INSERT INTO "events" VALUES(3,'2027-03-01 14:05:00.690687','record.signed','Ada',NULL,'{"campaign": "reading-week", "record_hash": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "role": "fact reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-1990"}','f163583a6d977378a47930e7e29abf7d77a26c91d84de8d7f351333c14b5e6f0','9e5210d68cf5c6331b8b997d60554aa2b28d067c2ba2e02d62e0878f84678947');
INSERT INTO "events" VALUES(4,'2027-03-01 14:06:00.686671','record.signed','Ada',NULL,'{"campaign": "reading-week", "record_hash": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de", "role": "fact reviewer", "signed_on": "2027-03-01", "subject": "contact", "subject_id": "desk-phone"}','9e5210d68cf5c6331b8b997d60554aa2b28d067c2ba2e02d62e0878f84678947','1eac7ee60fd4d249c25844ea1687b1763b7d8d5d2a0f94d3c6427869774e4efb');
INSERT INTO "events" VALUES(5,'2027-03-01 14:07:00.610751','record.signed','Grace',NULL,'{"campaign": "reading-week", "record_hash": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "role": "fact reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-2025"}','1eac7ee60fd4d249c25844ea1687b1763b7d8d5d2a0f94d3c6427869774e4efb','8119d0ac3d075c849ff1f9c6b85f55ead0c9a9ab84a5fa1a73ec3d6e79128f01');
INSERT INTO "events" VALUES(6,'2027-03-01 14:07:00.637850','record.signed','Grace',NULL,'{"campaign": "reading-week", "record_hash": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "role": "fact reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-1990"}','8119d0ac3d075c849ff1f9c6b85f55ead0c9a9ab84a5fa1a73ec3d6e79128f01','1e9773381161cd0c7fd1bd125f8ce14fc6d88a7fba2bab7bd797c96d7a5a74c6');
INSERT INTO "events" VALUES(7,'2027-03-01 14:08:00.705013','record.signed','Grace',NULL,'{"campaign": "reading-week", "record_hash": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de", "role": "fact reviewer", "signed_on": "2027-03-01", "subject": "contact", "subject_id": "desk-phone"}','1e9773381161cd0c7fd1bd125f8ce14fc6d88a7fba2bab7bd797c96d7a5a74c6','852da98a0c6350953b128322d97707483e631a7f7bb72ef5ed11c703500ad313');
INSERT INTO "events" VALUES(8,'2027-03-01 14:11:03.150163','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "email", "comment": "", "digest": "4f1257d1c969ba667d0e94be7dd2a311b53909077714b2618fc34080cab16581", "item": "why-we-read", "role": "coordinator", "season": 2027}','852da98a0c6350953b128322d97707483e631a7f7bb72ef5ed11c703500ad313','ab197cc6a89c59802fad71b4b779af53602e10454271f0ad1d0a35184d6435ec');
INSERT INTO "events" VALUES(9,'2027-03-01 14:11:03.193793','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "x", "comment": "", "digest": "f3365793952b3ac19e6ca518041156a59fe5602c77e68c3d5a756e8abbdbf4a5", "item": "why-we-read", "role": "coordinator", "season": 2027}','ab197cc6a89c59802fad71b4b779af53602e10454271f0ad1d0a35184d6435ec','65edc3656ac193723001cfa5ab733adba2f1341b83301d7d406a0a8b01d2700d');
INSERT INTO "events" VALUES(10,'2027-03-01 14:11:03.210888','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "email", "comment": "", "digest": "e7afb1d97b8d0e97bab4fe974b9ee2ca2ac8e572fb4b02b9aa4fbff2297acf47", "item": "a-book-a-day", "role": "coordinator", "season": 2027}','65edc3656ac193723001cfa5ab733adba2f1341b83301d7d406a0a8b01d2700d','c7775d699640228d67eda370a7770e6dd86c6ee5e8b1f8a3d67646e8fca14c2c');
INSERT INTO "events" VALUES(11,'2027-03-01 14:11:03.235633','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "x", "comment": "", "digest": "ae8726ab497644eeb3c97d25097f4d13c8027e9cf8adf9797f576fa05387751d", "item": "a-book-a-day", "role": "coordinator", "season": 2027}','c7775d699640228d67eda370a7770e6dd86c6ee5e8b1f8a3d67646e8fca14c2c','399d51ceba1a667aad2a134df3e8eef36761c5ac107d53bc15dca394b45492f0');
INSERT INTO "events" VALUES(12,'2027-03-01 14:11:03.240044','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "email", "comment": "", "digest": "e1f105680841d2c8eb30076e7914eb289dc7f6b47c691c17ff7fe43b597d1787", "item": "then-and-now", "role": "coordinator", "season": 2027}','399d51ceba1a667aad2a134df3e8eef36761c5ac107d53bc15dca394b45492f0','3e16010cbb986a1e3f066d7458704c8a563f755dc1c14687be93697974453610');
INSERT INTO "events" VALUES(13,'2027-03-01 14:11:03.259168','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "x", "comment": "", "digest": "a21e1579152b1c112f45cbd7a27b5eaefde85adb738c57d936b62465dcfb0edd", "item": "then-and-now", "role": "coordinator", "season": 2027}','3e16010cbb986a1e3f066d7458704c8a563f755dc1c14687be93697974453610','0e91d4cc470a5b19b61469704e61e18653d9cd27501727b9cc75e364e498a0d4');
INSERT INTO "events" VALUES(14,'2027-03-01 14:12:03.651007','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "email", "comment": "", "digest": "4f1257d1c969ba667d0e94be7dd2a311b53909077714b2618fc34080cab16581", "item": "why-we-read", "role": "coordinator", "season": 2027}','0e91d4cc470a5b19b61469704e61e18653d9cd27501727b9cc75e364e498a0d4','88928a4120b4acf9a3177d97930c475fb0b95bc9d0eb8db063a890a7944c3598');
INSERT INTO "events" VALUES(15,'2027-03-01 14:12:03.737259','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "x", "comment": "", "digest": "f3365793952b3ac19e6ca518041156a59fe5602c77e68c3d5a756e8abbdbf4a5", "item": "why-we-read", "role": "coordinator", "season": 2027}','88928a4120b4acf9a3177d97930c475fb0b95bc9d0eb8db063a890a7944c3598','1f78051c1a88af4a5a0b3f5a59afadc95f284c5195b4c00ca5206126855c094f');
INSERT INTO "events" VALUES(16,'2027-03-01 14:12:03.770393','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "email", "comment": "", "digest": "e7afb1d97b8d0e97bab4fe974b9ee2ca2ac8e572fb4b02b9aa4fbff2297acf47", "item": "a-book-a-day", "role": "coordinator", "season": 2027}','1f78051c1a88af4a5a0b3f5a59afadc95f284c5195b4c00ca5206126855c094f','a7409a2508b1bb1e08a782ca306b9ca7185b293b3df89d557dea1fd95a593d32');
INSERT INTO "events" VALUES(17,'2027-03-01 14:12:03.796720','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "x", "comment": "", "digest": "ae8726ab497644eeb3c97d25097f4d13c8027e9cf8adf9797f576fa05387751d", "item": "a-book-a-day", "role": "coordinator", "season": 2027}','a7409a2508b1bb1e08a782ca306b9ca7185b293b3df89d557dea1fd95a593d32','0c4e145c7570731caadd4eeb7cfee623ff4f56c56093009b6ca554cc34d66c8b');
INSERT INTO "events" VALUES(18,'2027-03-01 14:12:03.825320','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "email", "comment": "", "digest": "e1f105680841d2c8eb30076e7914eb289dc7f6b47c691c17ff7fe43b597d1787", "item": "then-and-now", "role": "coordinator", "season": 2027}','0c4e145c7570731caadd4eeb7cfee623ff4f56c56093009b6ca554cc34d66c8b','937d088cc91b3fd44f9db49b3a79d9dad15abb7abd14d4076536c5ebd9b6d2ec');
INSERT INTO "events" VALUES(19,'2027-03-01 14:12:03.853268','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "x", "comment": "", "digest": "a21e1579152b1c112f45cbd7a27b5eaefde85adb738c57d936b62465dcfb0edd", "item": "then-and-now", "role": "coordinator", "season": 2027}','937d088cc91b3fd44f9db49b3a79d9dad15abb7abd14d4076536c5ebd9b6d2ec','9b5ab5ab001f55d202940aab7c554862abf00404c3af307f063089cd2ff1252c');
INSERT INTO "events" VALUES(20,'2027-03-01 14:15:02.595098','season.armed','Ada',NULL,'{"campaign": "reading-week", "season": 2027}','9b5ab5ab001f55d202940aab7c554862abf00404c3af307f063089cd2ff1252c','7eced4d1e58fe45f3c22ea03ad528e91f3fa6a503665f10deea887f64cced197');
INSERT INTO "events" VALUES(21,'2027-03-01 14:16:03.662908','delivery.planned','plan',1,'{"campaign": "reading-week", "channel": "email", "due_at": "2027-03-08T12:30:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "mode": "rehearsal", "season": 2027}','7eced4d1e58fe45f3c22ea03ad528e91f3fa6a503665f10deea887f64cced197','ed5a72f2c8668544ba1334eb63a270c871611bb18f245a346925db60954888a2');
INSERT INTO "events" VALUES(22,'2027-03-01 14:16:03.662908','delivery.planned','plan',2,'{"campaign": "reading-week", "channel": "x", "due_at": "2027-03-08T17:00:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "mode": "rehearsal", "season": 2027}','ed5a72f2c8668544ba1334eb63a270c871611bb18f245a346925db60954888a2','81435c982789519e2474b32883e96da67c2068f416bbe63456a88e8d6ceb3f2c');
INSERT INTO "events" VALUES(23,'2027-03-01 14:16:03.662908','delivery.planned','plan',3,'{"campaign": "reading-week", "channel": "email", "due_at": "2027-03-09T12:30:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "mode": "rehearsal", "season": 2027}','81435c982789519e2474b32883e96da67c2068f416bbe63456a88e8d6ceb3f2c','8a7808b535e4a9f5b7932c42e76a2548184cb20e4ba2902553d788e2eeb0fe2f');
INSERT INTO "events" VALUES(24,'2027-03-01 14:16:03.662908','delivery.planned','plan',4,'{"campaign": "reading-week", "channel": "x", "due_at": "2027-03-09T15:00:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "mode": "rehearsal", "season": 2027}','8a7808b535e4a9f5b7932c42e76a2548184cb20e4ba2902553d788e2eeb0fe2f','5c8240fca548a53ba98e8f073317ee706fa028a3dd40c16d9af5241f93eadc5c');
INSERT INTO "events" VALUES(25,'2027-03-01 14:16:03.662908','delivery.planned','plan',5,'{"campaign": "reading-week", "channel": "email", "due_at": "2027-03-10T12:30:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "mode": "rehearsal", "season": 2027}','5c8240fca548a53ba98e8f073317ee706fa028a3dd40c16d9af5241f93eadc5c','cba0344c9f11f13ce5dfd5a2acf1e658445fa789168eb24dda9eac471f53a24f');
INSERT INTO "events" VALUES(26,'2027-03-01 14:16:03.662908','delivery.planned','plan',6,'{"campaign": "reading-week", "channel": "x", "due_at": "2027-03-10T15:00:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "mode": "rehearsal", "season": 2027}','cba0344c9f11f13ce5dfd5a2acf1e658445fa789168eb24dda9eac471f53a24f','3007d48fbd2fea7bcf8c77fa836e8d9383531d9d5a39e7522f2488635b5422bd');
INSERT INTO "events" VALUES(27,'2027-03-08 15:05:03.414127','delivery.opened','tick',1,'{"frozen": 4}','3007d48fbd2fea7bcf8c77fa836e8d9383531d9d5a39e7522f2488635b5422bd','fe1b68ca21eab796ba93f095bfd09ce598d26553405087e3debee5e976f893ec');
INSERT INTO "events" VALUES(28,'2027-03-08 15:05:03.710534','attempt.begun','tick',1,'{"attempt": 1, "batch": 1, "digest": "4f1257d1c969ba667d0e94be7dd2a311b53909077714b2618fc34080cab16581", "node": "old-host:24587", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 4, "token": "08e6d342f4c2f6e85fc4ed96e0fa1938"}','fe1b68ca21eab796ba93f095bfd09ce598d26553405087e3debee5e976f893ec','a0cd4b7ee9d538f5f8d3b959e72c02b025693dc7ce8c25dd188fe6b816e022fa');
INSERT INTO "events" VALUES(29,'2027-03-08 15:05:03.779298','attempt.accepted','tick',1,'{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-30480bf37e88d60eb7e63fee0b2ffe7b-b9d98c4009", "retry_at": null, "status": null, "token": "08e6d342f4c2f6e85fc4ed96e0fa1938"}','a0cd4b7ee9d538f5f8d3b959e72c02b025693dc7ce8c25dd188fe6b816e022fa','5d97dd0704a8004b78a6b46937a4d22a9a3e8d95faaf4147288036e5ecc31ed6');
INSERT INTO "events" VALUES(30,'2027-03-09 15:05:02.060444','delivery.missed','tick',2,'{"channel": "x", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "why": "nothing ran, or nothing could be sent, while it was open"}','5d97dd0704a8004b78a6b46937a4d22a9a3e8d95faaf4147288036e5ecc31ed6','952168219cf2c92a494475bd258f46b7871f304bd226857e9d98270de7fb5eed');
INSERT INTO "events" VALUES(31,'2027-03-09 15:05:02.272746','delivery.opened','tick',3,'{"frozen": 4}','952168219cf2c92a494475bd258f46b7871f304bd226857e9d98270de7fb5eed','a81e54dee9aba305321d3bc53e5487ab27cd0d91aa3d4ba37cc43282b68db2ec');
INSERT INTO "events" VALUES(32,'2027-03-09 15:05:02.391661','attempt.begun','tick',3,'{"attempt": 1, "batch": 1, "digest": "e7afb1d97b8d0e97bab4fe974b9ee2ca2ac8e572fb4b02b9aa4fbff2297acf47", "node": "old-host:24711", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 4, "token": "81605b4ae0f75a42ab47327c53863556"}','a81e54dee9aba305321d3bc53e5487ab27cd0d91aa3d4ba37cc43282b68db2ec','927d2ef4028177f7c44ecbc48c8c67c6e722bce0a1898d31b940afc02cb7861e');
INSERT INTO "events" VALUES(33,'2027-03-09 15:05:02.427828','attempt.accepted','tick',3,'{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-b942bc2f9dda9397359e2d98264a6566-da5efbb800", "retry_at": null, "status": null, "token": "81605b4ae0f75a42ab47327c53863556"}','927d2ef4028177f7c44ecbc48c8c67c6e722bce0a1898d31b940afc02cb7861e','9844db8198db46cba0dde44520659a49932a92fddc4e835da042d61940af58bc');
INSERT INTO "events" VALUES(34,'2027-03-09 15:05:02.460987','delivery.opened','tick',4,'{"frozen": 1}','9844db8198db46cba0dde44520659a49932a92fddc4e835da042d61940af58bc','4daedaf3f9b5eed54011ee6b4eb08a5191560ba77910b71bc614267e2a2a4985');
INSERT INTO "events" VALUES(35,'2027-03-09 15:05:02.500658','attempt.begun','tick',4,'{"attempt": 1, "batch": 1, "digest": "ae8726ab497644eeb3c97d25097f4d13c8027e9cf8adf9797f576fa05387751d", "node": "old-host:24711", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 0, "token": "54c1437c7611feba95c9d88e69f4570d"}','4daedaf3f9b5eed54011ee6b4eb08a5191560ba77910b71bc614267e2a2a4985','6adf5222fef6fad0199632a94244f28c1348ff328c49c8951ba9330492f649ae');
INSERT INTO "events" VALUES(36,'2027-03-09 15:05:02.532026','attempt.accepted','tick',4,'{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-text-c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5-68a654e99d", "retry_at": null, "status": null, "token": "54c1437c7611feba95c9d88e69f4570d"}','6adf5222fef6fad0199632a94244f28c1348ff328c49c8951ba9330492f649ae','46b942652e8f76e31fb18954519f7328339330d19b197e8df4abc11c4d3ab1c6');
INSERT INTO "events" VALUES(37,'2027-03-09 17:00:00.891245','hold.set','Ada',NULL,'{"channel": "x", "why": "strike"}','46b942652e8f76e31fb18954519f7328339330d19b197e8df4abc11c4d3ab1c6','13bfd9ff894e6505eecf771198ee96aeb837d97e94615a4082a64783a56c0054');
INSERT INTO "events" VALUES(38,'2027-03-10 15:05:01.995771','delivery.opened','tick',5,'{"frozen": 4}','13bfd9ff894e6505eecf771198ee96aeb837d97e94615a4082a64783a56c0054','c47a77fd5018b7578edcc2c2fad379ed1940aff4d934503c867b1239c0e483ca');
INSERT INTO "events" VALUES(39,'2027-03-10 15:05:02.121860','attempt.begun','tick',5,'{"attempt": 1, "batch": 1, "digest": "e1f105680841d2c8eb30076e7914eb289dc7f6b47c691c17ff7fe43b597d1787", "node": "old-host:24781", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 4, "token": "924a42d60ba5e92750b52315a0ce7780"}','c47a77fd5018b7578edcc2c2fad379ed1940aff4d934503c867b1239c0e483ca','c3dce23f3a4297866268298611fa3aed26e6eecbc261dbbb2f48d61052f61a78');
INSERT INTO "events" VALUES(40,'2027-03-10 15:05:02.214615','attempt.accepted','tick',5,'{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-7e8157c4214a62b0e5fe56d7a691589d-11459fdd37", "retry_at": null, "status": null, "token": "924a42d60ba5e92750b52315a0ce7780"}','c3dce23f3a4297866268298611fa3aed26e6eecbc261dbbb2f48d61052f61a78','edbef00568ad46ac020e20401d45da75a896f5f7b575130e8866e6d08c7d3298');
INSERT INTO "events" VALUES(41,'2027-03-10 15:05:02.273448','delivery.waits','tick',6,'{"why": "held by Ada since 2027-03-09 17:00 UTC: strike"}','edbef00568ad46ac020e20401d45da75a896f5f7b575130e8866e6d08c7d3298','33e9b20282aa1743cee146fa0803d53585d7b225712da65adda905d881979647');
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
INSERT INTO "holds" VALUES(1,'x','Ada','strike','2027-03-09 17:00:00.891245','',NULL);
CREATE TABLE ledger (
	id INTEGER NOT NULL, 
	ledger_id VARCHAR(32) NOT NULL, 
	events INTEGER NOT NULL, 
	last_hash VARCHAR(64) NOT NULL, 
	copied_at DATETIME, 
	CONSTRAINT pk_ledger PRIMARY KEY (id), 
	CONSTRAINT ck_ledger_one_row CHECK (id = 1)
);
INSERT INTO "ledger" VALUES(1,'20529e83817b1a7167828b1c715f16ac',41,'33e9b20282aa1743cee146fa0803d53585d7b225712da65adda905d881979647',NULL);
CREATE TABLE messages (
	digest VARCHAR(64) NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT pk_messages PRIMARY KEY (digest)
);
INSERT INTO "messages" VALUES('4f1257d1c969ba667d0e94be7dd2a311b53909077714b2618fc34080cab16581','{"body": {"from_address": "news@example.org", "from_name": "Example Coalition", "headers": {"Auto-Submitted": "auto-generated", "List-Id": "Reading Week <reading-week.news.example.org>"}, "html": "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Why we read</title>\n<style>@media (prefers-color-scheme:dark){.page{background-color:#12171e!important}.card{background-color:#1b222c!important}.card,.h1,.h2,.h3,.quote,.help,.help_title,.digits,.digits_small,.help_line,.part,.part_now{color:#e8edf3!important}.lead,.eyebrow,.attribution,.small,.foot,.help_hours{color:#a5b0bd!important}.link{color:#8db8f2!important}.blockquote,.action{border-color:#8db8f2!important}.note{border-color:#7d8896!important}.hr,.part{border-color:#3a4553!important}.help,.part_now{background-color:#12171e!important;border-color:#8db8f2!important}.button{background-color:#8db8f2!important}.button_link{color:#12171e!important}}@media (max-width:480px){.outer{padding:0 0 24px!important}.band,.card{padding-left:16px!important;padding-right:16px!important;border-radius:0!important}.help{padding:16px 16px 0!important}}</style>\n</head>\n<body class=\"page\" style=\"margin:0;padding:0;background-color:#eaf1fb;-webkit-text-size-adjust:100%;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"outer\" align=\"center\" style=\"padding:8px 8px 32px\">\n<table role=\"presentation\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"width:100%;max-width:600px;border-collapse:separate;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<tr><td class=\"lead\" align=\"left\" style=\"padding:8px 16px;font-size:14px;line-height:1.5;color:#56616f\">Five days, five short letters</td></tr>\n<tr><td class=\"band\" align=\"left\" style=\"padding:16px 24px;background-color:#1f4e8c;color:#ffffff;border-radius:6px 6px 0 0\">\n<p style=\"margin:0;font-size:18px;line-height:1.3;font-weight:bold;color:#ffffff\">Reading Week</p>\n<p style=\"margin:4px 0 0;font-size:15px;line-height:1.4;color:#ffffff\">Day 1 of 3, Monday 8 March 2027</p>\n</td></tr>\n<tr><td class=\"card\" align=\"left\" style=\"padding:24px 24px 8px;background-color:#ffffff;color:#1b2430;border-radius:0 0 6px 6px;overflow-wrap:break-word;word-break:break-word\">\n<h1 class=\"h1\" style=\"margin:0 0 16px;font-size:26px;line-height:1.25;font-weight:bold;color:#1b2430\">Why we read</h1>\n<p style=\"margin:0 0 16px\">Good morning.</p>\n<p style=\"margin:0 0 16px\">the town library had 4,100 members at the end of 2025, says the Annual Report 2025.</p>\n<p class=\"small\" style=\"margin:0 0 8px;font-size:14px;line-height:1.5;color:#56616f\">\nFigures: 4,100, as of December 2025. Source: <a class=\"link\" href=\"https://library.example/report-2025\" style=\"color:#1f4e8c;text-decoration:underline\">Annual Report 2025</a>, Town Library, February 2026.\n</p>\n<div style=\"height:12px;line-height:12px;font-size:1px\">&nbsp;</div>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"help\" style=\"padding:20px 20px 4px;background-color:#eaf1fb;color:#1b2430;border:2px solid #1f4e8c;border-radius:6px\">\n<h2 class=\"help_title\" style=\"margin:0 0 12px;font-size:20px;line-height:1.3;font-weight:bold;color:#1b2430\">Help</h2>\n<p class=\"digits\" style=\"margin:0;font-size:28px;line-height:1.3;font-weight:bold;color:#1b2430\"><a class=\"link\" href=\"tel:+15550100199\" style=\"color:#1f4e8c;text-decoration:underline\">1-555-010-0199</a></p>\n<p class=\"help_line\" style=\"margin:0;font-size:15px;line-height:1.45;color:#1b2430\">\n<strong>Library desk.</strong> Questions about books, cards and events.\n</p>\n<p class=\"help_hours\" style=\"margin:0 0 16px;font-size:14px;line-height:1.5;color:#56616f\">\nMonday to Friday, 9 to 17. English.\n</p>\n</td>\n</tr></table>\n<div style=\"height:20px;line-height:20px;font-size:1px\">&nbsp;</div>\n</td></tr>\n<tr><td class=\"foot\" align=\"left\" style=\"padding:20px 16px 0;font-size:14px;line-height:1.5;color:#56616f\">\n<p style=\"margin:0 0 16px\">You get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.</p>\n<p style=\"margin:0 0 16px\"><a class=\"link\" href=\"%unsubscribe_url%\" style=\"color:#1f4e8c;text-decoration:underline\">Get fewer of these emails, or stop them</a>.</p>\n<p style=\"margin:0 0 16px\">If someone checks this inbox, use a safer device to read about this or to look for help.</p>\n<p style=\"margin:0 0 16px\">A reply reaches Example Coalition. It is not a help line and may be read late; use the numbers above for help.</p>\n<p style=\"margin:0 0 16px\">Example Coalition<br>1 Example Street, Example Town, EX 00000</p>\n</td></tr>\n</table>\n</td>\n</tr></table>\n</body>\n</html>\n", "list_id": "Reading Week <reading-week.news.example.org>", "preheader": "Five days, five short letters", "reply_to": "hello@example.org", "subject": "Why we read", "text": "Five days, five short letters\n\nReading Week\nDay 1 of 3, Monday 8 March 2027\n\nWhy we read\n===========\n\nGood morning.\n\nthe town library had 4,100 members at the end of 2025, says the Annual\nReport 2025.\n\nFigures: 4,100, as of December 2025. Source: Annual Report 2025, Town\nLibrary, February 2026.\nhttps://library.example/report-2025\n\nHelp\n----\n\n1-555-010-0199\n  Library desk. Questions about books, cards and events. Monday to\n  Friday, 9 to 17. English.\n\n------------------------------------------------------------------------\n\nYou get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.\n\nGet fewer of these emails, or stop them:\n%unsubscribe_url%\n\nIf someone checks this inbox, use a safer device to read about this or\nto look for help.\n\nA reply reaches Example Coalition. It is not a help line and may be read\nlate; use the numbers above for help.\n\nExample Coalition\n1 Example Street, Example Town, EX 00000\n", "tokens": ["%unsubscribe_url%"], "type": "EmailBody"}, "campaign": "reading-week", "channel": "email", "claims": ["members-2025"], "contacts": ["desk-phone"], "due_at": "2027-03-08T12:30:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "kind": "fact", "links": ["https://library.example/report-2025"], "on": "2027-03-08", "quotations": [], "rests_on": {"claim:members-2025": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
INSERT INTO "messages" VALUES('e7afb1d97b8d0e97bab4fe974b9ee2ca2ac8e572fb4b02b9aa4fbff2297acf47','{"body": {"from_address": "news@example.org", "from_name": "Example Coalition", "headers": {"Auto-Submitted": "auto-generated", "List-Id": "Reading Week <reading-week.news.example.org>"}, "html": "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Ten minutes a day</title>\n<style>@media (prefers-color-scheme:dark){.page{background-color:#12171e!important}.card{background-color:#1b222c!important}.card,.h1,.h2,.h3,.quote,.help,.help_title,.digits,.digits_small,.help_line,.part,.part_now{color:#e8edf3!important}.lead,.eyebrow,.attribution,.small,.foot,.help_hours{color:#a5b0bd!important}.link{color:#8db8f2!important}.blockquote,.action{border-color:#8db8f2!important}.note{border-color:#7d8896!important}.hr,.part{border-color:#3a4553!important}.help,.part_now{background-color:#12171e!important;border-color:#8db8f2!important}.button{background-color:#8db8f2!important}.button_link{color:#12171e!important}}@media (max-width:480px){.outer{padding:0 0 24px!important}.band,.card{padding-left:16px!important;padding-right:16px!important;border-radius:0!important}.help{padding:16px 16px 0!important}}</style>\n</head>\n<body class=\"page\" style=\"margin:0;padding:0;background-color:#eaf1fb;-webkit-text-size-adjust:100%;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"outer\" align=\"center\" style=\"padding:8px 8px 32px\">\n<table role=\"presentation\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"width:100%;max-width:600px;border-collapse:separate;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<tr><td class=\"band\" align=\"left\" style=\"padding:16px 24px;background-color:#1f4e8c;color:#ffffff;border-radius:6px 6px 0 0\">\n<p style=\"margin:0;font-size:18px;line-height:1.3;font-weight:bold;color:#ffffff\">Reading Week</p>\n<p style=\"margin:4px 0 0;font-size:15px;line-height:1.4;color:#ffffff\">Day 2 of 3, Tuesday 9 March 2027</p>\n</td></tr>\n<tr><td class=\"card\" align=\"left\" style=\"padding:24px 24px 8px;background-color:#ffffff;color:#1b2430;border-radius:0 0 6px 6px;overflow-wrap:break-word;word-break:break-word\">\n<h1 class=\"h1\" style=\"margin:0 0 16px;font-size:26px;line-height:1.25;font-weight:bold;color:#1b2430\">Ten minutes a day</h1>\n<p style=\"margin:0 0 16px\">Ten minutes a day are a book a month.</p>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"help\" style=\"padding:20px 20px 4px;background-color:#eaf1fb;color:#1b2430;border:2px solid #1f4e8c;border-radius:6px\">\n<h2 class=\"help_title\" style=\"margin:0 0 12px;font-size:20px;line-height:1.3;font-weight:bold;color:#1b2430\">Help</h2>\n<p class=\"digits\" style=\"margin:0;font-size:28px;line-height:1.3;font-weight:bold;color:#1b2430\"><a class=\"link\" href=\"tel:+15550100199\" style=\"color:#1f4e8c;text-decoration:underline\">1-555-010-0199</a></p>\n<p class=\"help_line\" style=\"margin:0;font-size:15px;line-height:1.45;color:#1b2430\">\n<strong>Library desk.</strong> Questions about books, cards and events.\n</p>\n<p class=\"help_hours\" style=\"margin:0 0 16px;font-size:14px;line-height:1.5;color:#56616f\">\nMonday to Friday, 9 to 17. English.\n</p>\n</td>\n</tr></table>\n<div style=\"height:20px;line-height:20px;font-size:1px\">&nbsp;</div>\n</td></tr>\n<tr><td class=\"foot\" align=\"left\" style=\"padding:20px 16px 0;font-size:14px;line-height:1.5;color:#56616f\">\n<p style=\"margin:0 0 16px\">You get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.</p>\n<p style=\"margin:0 0 16px\"><a class=\"link\" href=\"%unsubscribe_url%\" style=\"color:#1f4e8c;text-decoration:underline\">Get fewer of these emails, or stop them</a>.</p>\n<p style=\"margin:0 0 16px\">If someone checks this inbox, use a safer device to read about this or to look for help.</p>\n<p style=\"margin:0 0 16px\">A reply reaches Example Coalition. It is not a help line and may be read late; use the numbers above for help.</p>\n<p style=\"margin:0 0 16px\">Example Coalition<br>1 Example Street, Example Town, EX 00000</p>\n</td></tr>\n</table>\n</td>\n</tr></table>\n</body>\n</html>\n", "list_id": "Reading Week <reading-week.news.example.org>", "preheader": "", "reply_to": "hello@example.org", "subject": "Ten minutes a day", "text": "Reading Week\nDay 2 of 3, Tuesday 9 March 2027\n\nTen minutes a day\n=================\n\nTen minutes a day are a book a month.\n\nHelp\n----\n\n1-555-010-0199\n  Library desk. Questions about books, cards and events. Monday to\n  Friday, 9 to 17. English.\n\n------------------------------------------------------------------------\n\nYou get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.\n\nGet fewer of these emails, or stop them:\n%unsubscribe_url%\n\nIf someone checks this inbox, use a safer device to read about this or\nto look for help.\n\nA reply reaches Example Coalition. It is not a help line and may be read\nlate; use the numbers above for help.\n\nExample Coalition\n1 Example Street, Example Town, EX 00000\n", "tokens": ["%unsubscribe_url%"], "type": "EmailBody"}, "campaign": "reading-week", "channel": "email", "claims": [], "contacts": ["desk-phone"], "due_at": "2027-03-09T12:30:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "kind": "action", "links": [], "on": "2027-03-09", "quotations": [], "rests_on": {"contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
INSERT INTO "messages" VALUES('ae8726ab497644eeb3c97d25097f4d13c8027e9cf8adf9797f576fa05387751d','{"body": {"alt_text": "", "characters": 67, "contains_url": false, "limit": 280, "text": "Ten minutes a day are a book a month.\n\nLibrary desk: 1-555-010-0199", "type": "PostBody"}, "campaign": "reading-week", "channel": "x", "claims": [], "contacts": ["desk-phone"], "due_at": "2027-03-09T15:00:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "kind": "action", "links": [], "on": "2027-03-09", "quotations": [], "rests_on": {"contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
INSERT INTO "messages" VALUES('e1f105680841d2c8eb30076e7914eb289dc7f6b47c691c17ff7fe43b597d1787','{"body": {"from_address": "news@example.org", "from_name": "Example Coalition", "headers": {"Auto-Submitted": "auto-generated", "List-Id": "Reading Week <reading-week.news.example.org>"}, "html": "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>How many readers? Then and now</title>\n<style>@media (prefers-color-scheme:dark){.page{background-color:#12171e!important}.card{background-color:#1b222c!important}.card,.h1,.h2,.h3,.quote,.help,.help_title,.digits,.digits_small,.help_line,.part,.part_now{color:#e8edf3!important}.lead,.eyebrow,.attribution,.small,.foot,.help_hours{color:#a5b0bd!important}.link{color:#8db8f2!important}.blockquote,.action{border-color:#8db8f2!important}.note{border-color:#7d8896!important}.hr,.part{border-color:#3a4553!important}.help,.part_now{background-color:#12171e!important;border-color:#8db8f2!important}.button{background-color:#8db8f2!important}.button_link{color:#12171e!important}}@media (max-width:480px){.outer{padding:0 0 24px!important}.band,.card{padding-left:16px!important;padding-right:16px!important;border-radius:0!important}.help{padding:16px 16px 0!important}}</style>\n</head>\n<body class=\"page\" style=\"margin:0;padding:0;background-color:#eaf1fb;-webkit-text-size-adjust:100%;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"outer\" align=\"center\" style=\"padding:8px 8px 32px\">\n<table role=\"presentation\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"width:100%;max-width:600px;border-collapse:separate;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<tr><td class=\"band\" align=\"left\" style=\"padding:16px 24px;background-color:#1f4e8c;color:#ffffff;border-radius:6px 6px 0 0\">\n<p style=\"margin:0;font-size:18px;line-height:1.3;font-weight:bold;color:#ffffff\">Reading Week</p>\n<p style=\"margin:4px 0 0;font-size:15px;line-height:1.4;color:#ffffff\">Day 3 of 3, Wednesday 10 March 2027</p>\n</td></tr>\n<tr><td class=\"card\" align=\"left\" style=\"padding:24px 24px 8px;background-color:#ffffff;color:#1b2430;border-radius:0 0 6px 6px;overflow-wrap:break-word;word-break:break-word\">\n<p class=\"eyebrow\" style=\"margin:0 0 4px;font-size:14px;line-height:1.5;color:#56616f\">Town Reading Day</p>\n<h1 class=\"h1\" style=\"margin:0 0 16px;font-size:26px;line-height:1.25;font-weight:bold;color:#1b2430\">How many readers? Then and now</h1>\n<p style=\"margin:0 0 16px\">In 1990: 900. Now: 4,100.</p>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"part\" style=\"padding:16px 16px 4px;border:1px solid #d5dbe3;border-radius:6px;color:#1b2430\">\n<h2 class=\"label\" style=\"margin:0 0 8px;font-size:17px;line-height:1.3;font-weight:bold\">Then</h2>\n<p style=\"margin:0 0 4px\">&ldquo;The town has 900 members today, and room for each one of them.&rdquo;</p>\n<p class=\"attribution\" style=\"margin:0 0 12px;font-size:14px;line-height:1.5;color:#56616f\">The founders, founding letter, 1990</p>\n</td>\n</tr></table>\n<div style=\"height:12px;line-height:12px;font-size:1px\">&nbsp;</div>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"part_now\" style=\"padding:16px 16px 4px;border:1px solid #1f4e8c;border-radius:6px;color:#1b2430;background-color:#eaf1fb\">\n<h2 class=\"label\" style=\"margin:0 0 8px;font-size:17px;line-height:1.3;font-weight:bold\">Now</h2>\n<p style=\"margin:0 0 4px\">the town library had 4,100 members at the end of 2025.</p>\n<p class=\"attribution\" style=\"margin:0 0 12px;font-size:14px;line-height:1.5;color:#56616f\">\nSource: <a class=\"link\" href=\"https://library.example/report-2025\" style=\"color:#1f4e8c;text-decoration:underline\">Annual Report 2025</a>, Town Library, February 2026.\n</p>\n</td>\n</tr></table>\n<div style=\"height:20px;line-height:20px;font-size:1px\">&nbsp;</div>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"help\" style=\"padding:20px 20px 4px;background-color:#eaf1fb;color:#1b2430;border:2px solid #1f4e8c;border-radius:6px\">\n<h2 class=\"help_title\" style=\"margin:0 0 12px;font-size:20px;line-height:1.3;font-weight:bold;color:#1b2430\">Help</h2>\n<p class=\"digits\" style=\"margin:0;font-size:28px;line-height:1.3;font-weight:bold;color:#1b2430\"><a class=\"link\" href=\"tel:+15550100199\" style=\"color:#1f4e8c;text-decoration:underline\">1-555-010-0199</a></p>\n<p class=\"help_line\" style=\"margin:0;font-size:15px;line-height:1.45;color:#1b2430\">\n<strong>Library desk.</strong> Questions about books, cards and events.\n</p>\n<p class=\"help_hours\" style=\"margin:0 0 16px;font-size:14px;line-height:1.5;color:#56616f\">\nMonday to Friday, 9 to 17. English.\n</p>\n</td>\n</tr></table>\n<div style=\"height:20px;line-height:20px;font-size:1px\">&nbsp;</div>\n</td></tr>\n<tr><td class=\"foot\" align=\"left\" style=\"padding:20px 16px 0;font-size:14px;line-height:1.5;color:#56616f\">\n<p style=\"margin:0 0 16px\">You get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.</p>\n<p style=\"margin:0 0 16px\"><a class=\"link\" href=\"%unsubscribe_url%\" style=\"color:#1f4e8c;text-decoration:underline\">Get fewer of these emails, or stop them</a>.</p>\n<p style=\"margin:0 0 16px\">If someone checks this inbox, use a safer device to read about this or to look for help.</p>\n<p style=\"margin:0 0 16px\">A reply reaches Example Coalition. It is not a help line and may be read late; use the numbers above for help.</p>\n<p style=\"margin:0 0 16px\">Example Coalition<br>1 Example Street, Example Town, EX 00000</p>\n</td></tr>\n</table>\n</td>\n</tr></table>\n</body>\n</html>\n", "list_id": "Reading Week <reading-week.news.example.org>", "preheader": "", "reply_to": "hello@example.org", "subject": "How many readers? Then and now", "text": "Reading Week\nDay 3 of 3, Wednesday 10 March 2027\n\nTown Reading Day\n\nHow many readers? Then and now\n==============================\n\nIn 1990: 900. Now: 4,100.\n\nThen\n----\n\n“The town has 900 members today, and room for each one of them.”\nThe founders, founding letter, 1990\n\nNow\n---\n\nthe town library had 4,100 members at the end of 2025.\nSource: Annual Report 2025, Town Library, February 2026.\nhttps://library.example/report-2025\n\nHelp\n----\n\n1-555-010-0199\n  Library desk. Questions about books, cards and events. Monday to\n  Friday, 9 to 17. English.\n\n------------------------------------------------------------------------\n\nYou get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.\n\nGet fewer of these emails, or stop them:\n%unsubscribe_url%\n\nIf someone checks this inbox, use a safer device to read about this or\nto look for help.\n\nA reply reaches Example Coalition. It is not a help line and may be read\nlate; use the numbers above for help.\n\nExample Coalition\n1 Example Street, Example Town, EX 00000\n", "tokens": ["%unsubscribe_url%"], "type": "EmailBody"}, "campaign": "reading-week", "channel": "email", "claims": ["members-1990", "members-2025"], "contacts": ["desk-phone"], "due_at": "2027-03-10T12:30:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "kind": "then-now", "links": ["https://library.example/report-2025"], "on": "2027-03-10", "quotations": ["founding-letter#L2"], "rests_on": {"claim:members-1990": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "claim:members-2025": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de", "source:founding-letter": "a86bbacd2670de2fa7b55a69d3ea9bcd55748b01af676e965fe7c773438dae6b"}, "season": 2027}');
CREATE TABLE proofs (
	send_id VARCHAR(64) NOT NULL, 
	reference TEXT DEFAULT '' NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_proofs PRIMARY KEY (send_id)
)
 WITHOUT ROWID

;
CREATE TABLE receipts (
	event_id VARCHAR(128) NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	at DATETIME NOT NULL, 
	received_at DATETIME NOT NULL, 
	send_id VARCHAR(64) DEFAULT '' NOT NULL, 
	subscriber_id VARCHAR(64) DEFAULT '' NOT NULL, 
	detail TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_receipts PRIMARY KEY (event_id)
)
 WITHOUT ROWID

;
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
INSERT INTO "recipients" VALUES(1,'21740b572f89e43bf54de5428e5fbfdb',1,NULL,NULL);
INSERT INTO "recipients" VALUES(1,'21740b57718acd41a98d9813f9f93756',1,NULL,NULL);
INSERT INTO "recipients" VALUES(1,'21740b57c610fcbc4ab4c23e2075e97d',1,NULL,NULL);
INSERT INTO "recipients" VALUES(1,'21740b57de2e375e50b5930d67d9fe07',1,NULL,NULL);
INSERT INTO "recipients" VALUES(3,'21740b572f89e43bf54de5428e5fbfdb',1,NULL,NULL);
INSERT INTO "recipients" VALUES(3,'21740b57718acd41a98d9813f9f93756',1,NULL,NULL);
INSERT INTO "recipients" VALUES(3,'21740b57c610fcbc4ab4c23e2075e97d',1,NULL,NULL);
INSERT INTO "recipients" VALUES(3,'21740b57de2e375e50b5930d67d9fe07',1,NULL,NULL);
INSERT INTO "recipients" VALUES(5,'21740b572f89e43bf54de5428e5fbfdb',1,NULL,NULL);
INSERT INTO "recipients" VALUES(5,'21740b57718acd41a98d9813f9f93756',1,NULL,NULL);
INSERT INTO "recipients" VALUES(5,'21740b57c610fcbc4ab4c23e2075e97d',1,NULL,NULL);
INSERT INTO "recipients" VALUES(5,'21740b57de2e375e50b5930d67d9fe07',1,NULL,NULL);
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
INSERT INTO "subscribers" VALUES('21740b57718acd41a98d9813f9f93756','ann@example.org','ann@example.org','Ann','','active','import readers.csv','2027-03-01 14:00:02.139032');
INSERT INTO "subscribers" VALUES('21740b57de2e375e50b5930d67d9fe07','ben@example.org','ben@example.org','Ben','America/Chicago','active','import readers.csv','2027-03-01 14:00:02.139032');
INSERT INTO "subscribers" VALUES('21740b57c610fcbc4ab4c23e2075e97d','cleo@example.org','cleo@example.org','','','active','import readers.csv','2027-03-01 14:00:02.139032');
INSERT INTO "subscribers" VALUES('21740b57f856f9693a174df3454e3835','dan@example.org','dan@example.org','Dan','','unsubscribed','import readers.csv','2027-03-01 14:00:02.139032');
INSERT INTO "subscribers" VALUES('21740b572f89e43bf54de5428e5fbfdb','eve@example.org','eve@example.org','Eve','Europe/Berlin','active','import readers.csv','2027-03-01 14:00:02.139032');
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
INSERT INTO "suppressions" VALUES('dan@example.org','21740b57f856f9693a174df3454e3835','list','','2027-03-01 14:00:00.000000');
CREATE INDEX ix_approvals_campaign_season_item_channel ON approvals (campaign, season, item, channel);
CREATE INDEX ix_armings_campaign_season ON armings (campaign, season);
CREATE INDEX ix_deliveries_mode_state_due_at ON deliveries (mode, state, due_at);
CREATE INDEX ix_events_delivery_id ON events (delivery_id);
CREATE INDEX ix_receipts_received_at ON receipts (received_at);
CREATE INDEX ix_batches_state ON batches (state);
CREATE INDEX ix_batches_send_id ON batches (send_id);
CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
COMMIT;
