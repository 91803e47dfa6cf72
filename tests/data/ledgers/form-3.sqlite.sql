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
INSERT INTO "approvals" VALUES(1,'reading-week',2027,'why-we-read','email','4f1257d1c969ba667d0e94be7dd2a311b53909077714b2618fc34080cab16581','Grace','coordinator','','2027-03-01 14:11:02.064156',NULL,'');
INSERT INTO "approvals" VALUES(2,'reading-week',2027,'why-we-read','x','f3365793952b3ac19e6ca518041156a59fe5602c77e68c3d5a756e8abbdbf4a5','Grace','coordinator','','2027-03-01 14:11:02.113084',NULL,'');
INSERT INTO "approvals" VALUES(3,'reading-week',2027,'a-book-a-day','email','e7afb1d97b8d0e97bab4fe974b9ee2ca2ac8e572fb4b02b9aa4fbff2297acf47','Grace','coordinator','','2027-03-01 14:11:02.120024',NULL,'');
INSERT INTO "approvals" VALUES(4,'reading-week',2027,'a-book-a-day','x','ae8726ab497644eeb3c97d25097f4d13c8027e9cf8adf9797f576fa05387751d','Grace','coordinator','','2027-03-01 14:11:02.140644',NULL,'');
INSERT INTO "approvals" VALUES(5,'reading-week',2027,'then-and-now','email','e1f105680841d2c8eb30076e7914eb289dc7f6b47c691c17ff7fe43b597d1787','Grace','coordinator','','2027-03-01 14:11:02.152147',NULL,'');
INSERT INTO "approvals" VALUES(6,'reading-week',2027,'then-and-now','x','a21e1579152b1c112f45cbd7a27b5eaefde85adb738c57d936b62465dcfb0edd','Grace','coordinator','','2027-03-01 14:11:02.165362',NULL,'');
INSERT INTO "approvals" VALUES(7,'reading-week',2027,'why-we-read','email','4f1257d1c969ba667d0e94be7dd2a311b53909077714b2618fc34080cab16581','Ada','coordinator','','2027-03-01 14:12:01.766522',NULL,'');
INSERT INTO "approvals" VALUES(8,'reading-week',2027,'why-we-read','x','f3365793952b3ac19e6ca518041156a59fe5602c77e68c3d5a756e8abbdbf4a5','Ada','coordinator','','2027-03-01 14:12:01.819216',NULL,'');
INSERT INTO "approvals" VALUES(9,'reading-week',2027,'a-book-a-day','email','e7afb1d97b8d0e97bab4fe974b9ee2ca2ac8e572fb4b02b9aa4fbff2297acf47','Ada','coordinator','','2027-03-01 14:12:01.831819',NULL,'');
INSERT INTO "approvals" VALUES(10,'reading-week',2027,'a-book-a-day','x','ae8726ab497644eeb3c97d25097f4d13c8027e9cf8adf9797f576fa05387751d','Ada','coordinator','','2027-03-01 14:12:01.851592',NULL,'');
INSERT INTO "approvals" VALUES(11,'reading-week',2027,'then-and-now','email','e1f105680841d2c8eb30076e7914eb289dc7f6b47c691c17ff7fe43b597d1787','Ada','coordinator','','2027-03-01 14:12:01.871483',NULL,'');
INSERT INTO "approvals" VALUES(12,'reading-week',2027,'then-and-now','x','a21e1579152b1c112f45cbd7a27b5eaefde85adb738c57d936b62465dcfb0edd','Ada','coordinator','','2027-03-01 14:12:01.883504',NULL,'');
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
INSERT INTO "armings" VALUES(1,'reading-week',2027,'Ada','2027-03-01 14:15:01.340665','',NULL);
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
INSERT INTO "attempts" VALUES('03d4e1da133e3b693b17751453c92b16',1,1,'2027-03-08 15:05:02.342078','old-host:25061','4f1257d1c969ba667d0e94be7dd2a311b53909077714b2618fc34080cab16581','6d0c9cff0034cf668d8b25e316117480',4,'2027-03-08 15:05:02.397343','accepted',NULL,'rehearsal-6d0c9cff0034cf668d8b25e316117480-066e106ca3','rehearsed, not sent');
INSERT INTO "attempts" VALUES('97ed5c8c924b5d9ba244dd8dee4e23e8',2,1,'2027-03-09 15:05:01.835242','old-host:25087','e7afb1d97b8d0e97bab4fe974b9ee2ca2ac8e572fb4b02b9aa4fbff2297acf47','c4584c43cd7ca046079fb34df4d5e57f',4,'2027-03-09 15:05:01.871300','accepted',NULL,'rehearsal-c4584c43cd7ca046079fb34df4d5e57f-bb591681ac','rehearsed, not sent');
INSERT INTO "attempts" VALUES('24b44a16cc7367b3214759837d9df645',3,1,'2027-03-09 15:05:01.923964','old-host:25087','ae8726ab497644eeb3c97d25097f4d13c8027e9cf8adf9797f576fa05387751d','text:c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5fbf73f66b',0,'2027-03-09 15:05:01.943043','accepted',NULL,'rehearsal-text-c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5-68a654e99d','rehearsed, not sent');
INSERT INTO "attempts" VALUES('deb651872be7a2d49212d485012ba915',4,1,'2027-03-10 15:05:01.994028','old-host:25124','e1f105680841d2c8eb30076e7914eb289dc7f6b47c691c17ff7fe43b597d1787','aa09552423778099523b8d6fe3f84bc4',4,'2027-03-10 15:05:02.052963','accepted',NULL,'rehearsal-aa09552423778099523b8d6fe3f84bc4-7288635c15','rehearsed, not sent');
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
INSERT INTO "batches" VALUES(1,1,1,'0f596dcd63eae44e36989f2b064b8b3a','0f596dcda7538bf609d8a517db174b86',4,0,'sent','6d0c9cff0034cf668d8b25e316117480','2027-03-08 12:30:00.000000',0,1,'03d4e1da133e3b693b17751453c92b16','4f1257d1c969ba667d0e94be7dd2a311b53909077714b2618fc34080cab16581','6d0c9cff0034cf668d8b25e316117480','2027-03-08 15:05:02.342078','2027-03-08 15:06:42.342078','old-host:25061','rehearsal-6d0c9cff0034cf668d8b25e316117480-066e106ca3','rehearsed, not sent',0,0,'2027-03-08 15:05:02.342078');
INSERT INTO "batches" VALUES(2,3,1,'0f596dcd63eae44e36989f2b064b8b3a','0f596dcda7538bf609d8a517db174b86',4,0,'sent','c4584c43cd7ca046079fb34df4d5e57f','2027-03-09 12:30:00.000000',0,1,'97ed5c8c924b5d9ba244dd8dee4e23e8','e7afb1d97b8d0e97bab4fe974b9ee2ca2ac8e572fb4b02b9aa4fbff2297acf47','c4584c43cd7ca046079fb34df4d5e57f','2027-03-09 15:05:01.835242','2027-03-09 15:06:41.835242','old-host:25087','rehearsal-c4584c43cd7ca046079fb34df4d5e57f-bb591681ac','rehearsed, not sent',0,0,'2027-03-09 15:05:01.835242');
INSERT INTO "batches" VALUES(3,4,1,'','',1,0,'sent','8a582133fe735626d8b21e3fa5e583d6','2027-03-09 15:00:00.000000',0,1,'24b44a16cc7367b3214759837d9df645','ae8726ab497644eeb3c97d25097f4d13c8027e9cf8adf9797f576fa05387751d','text:c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5fbf73f66b','2027-03-09 15:05:01.923964','2027-03-09 15:06:41.923964','old-host:25087','rehearsal-text-c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5-68a654e99d','rehearsed, not sent',0,0,'2027-03-09 15:05:01.923964');
INSERT INTO "batches" VALUES(4,5,1,'0f596dcd63eae44e36989f2b064b8b3a','0f596dcda7538bf609d8a517db174b86',4,0,'sent','aa09552423778099523b8d6fe3f84bc4','2027-03-10 12:30:00.000000',0,1,'deb651872be7a2d49212d485012ba915','e1f105680841d2c8eb30076e7914eb289dc7f6b47c691c17ff7fe43b597d1787','aa09552423778099523b8d6fe3f84bc4','2027-03-10 15:05:01.994028','2027-03-10 15:06:41.994028','old-host:25124','rehearsal-aa09552423778099523b8d6fe3f84bc4-7288635c15','rehearsed, not sent',0,0,'2027-03-10 15:05:01.994028');
CREATE TABLE change_requests (
	id INTEGER NOT NULL, 
	campaign VARCHAR(200) NOT NULL, 
	season INTEGER NOT NULL, 
	item VARCHAR(200) NOT NULL, 
	channel VARCHAR(100) NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	person VARCHAR(200) NOT NULL, 
	role VARCHAR(100) NOT NULL, 
	comment_id INTEGER NOT NULL, 
	asked_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	ended_by VARCHAR(200) DEFAULT '' NOT NULL, 
	how VARCHAR(16) DEFAULT '' NOT NULL, 
	CONSTRAINT pk_change_requests PRIMARY KEY (id), 
	CONSTRAINT fk_change_requests_comment_id FOREIGN KEY(comment_id) REFERENCES comments (id)
);
CREATE TABLE comments (
	id INTEGER NOT NULL, 
	campaign VARCHAR(200) NOT NULL, 
	season INTEGER NOT NULL, 
	item VARCHAR(200) NOT NULL, 
	channel VARCHAR(100) DEFAULT '' NOT NULL, 
	person VARCHAR(200) NOT NULL, 
	role VARCHAR(100) NOT NULL, 
	about VARCHAR(32) NOT NULL, 
	answers INTEGER, 
	text TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_comments PRIMARY KEY (id), 
	CONSTRAINT fk_comments_answers FOREIGN KEY(answers) REFERENCES comments (id)
);
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
INSERT INTO "deliveries" VALUES(1,'rehearsal','reading-week',2027,'why-we-read','email','email','2027-03-08','2027-03-08 12:30:00.000000','2027-03-09 05:00:00.000000','sent','4f1257d1c969ba667d0e94be7dd2a311b53909077714b2618fc34080cab16581','live would have refused: the mode is "rehearsal"',4,'0f596dcda7538bf609d8a517db174b86','2027-03-08 15:05:02.218928','2027-03-08 15:05:02.397343');
INSERT INTO "deliveries" VALUES(2,'rehearsal','reading-week',2027,'why-we-read','x','post','2027-03-08','2027-03-08 17:00:00.000000','2027-03-09 05:00:00.000000','missed','','its window closed before it could go: nothing ran, or nothing could be sent, while it was open',0,'',NULL,'2027-03-09 15:05:01.643525');
INSERT INTO "deliveries" VALUES(3,'rehearsal','reading-week',2027,'a-book-a-day','email','email','2027-03-09','2027-03-09 12:30:00.000000','2027-03-10 05:00:00.000000','sent','e7afb1d97b8d0e97bab4fe974b9ee2ca2ac8e572fb4b02b9aa4fbff2297acf47','live would have refused: the mode is "rehearsal"',4,'0f596dcda7538bf609d8a517db174b86','2027-03-09 15:05:01.754881','2027-03-09 15:05:01.871300');
INSERT INTO "deliveries" VALUES(4,'rehearsal','reading-week',2027,'a-book-a-day','x','post','2027-03-09','2027-03-09 15:00:00.000000','2027-03-10 05:00:00.000000','sent','ae8726ab497644eeb3c97d25097f4d13c8027e9cf8adf9797f576fa05387751d','live would have refused: the mode is "rehearsal"',1,'','2027-03-09 15:05:01.886363','2027-03-09 15:05:01.943043');
INSERT INTO "deliveries" VALUES(5,'rehearsal','reading-week',2027,'then-and-now','email','email','2027-03-10','2027-03-10 12:30:00.000000','2027-03-11 05:00:00.000000','sent','e1f105680841d2c8eb30076e7914eb289dc7f6b47c691c17ff7fe43b597d1787','live would have refused: the mode is "rehearsal"',4,'0f596dcda7538bf609d8a517db174b86','2027-03-10 15:05:01.874573','2027-03-10 15:05:02.052963');
INSERT INTO "deliveries" VALUES(6,'rehearsal','reading-week',2027,'then-and-now','x','post','2027-03-10','2027-03-10 15:00:00.000000','2027-03-11 05:00:00.000000','scheduled','','held by Ada since 2027-03-09 17:00 UTC: strike',0,'',NULL,'2027-03-10 15:05:02.103221');
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
INSERT INTO "events" VALUES(1,'2027-03-01 14:00:00.000000','subscriber.left','reader',NULL,'{"subscriber": "0f596dcdcfa01d5983d1fb814beb49e8", "why": "list"}','0000000000000000000000000000000000000000000000000000000000000000','968fe6bfb2c061e3bddac165f014b05bdce420517e0ab92a61ea96597995a1e5');
INSERT INTO "events" VALUES(2,'2027-03-01 14:05:01.238751','record.signed','Ada',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-2025"}','968fe6bfb2c061e3bddac165f014b05bdce420517e0ab92a61ea96597995a1e5','3c86f442f30ea6bf374c6353141699c6a41da691562a53532acc0f83d9793b1b');
INSERT INTO "events" VALUES(3,'2027-03-01 14:05:01.282435','record.signed','Ada',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-1990"}','3c86f442f30ea6bf374c6353141699c6a41da691562a53532acc0f83d9793b1b','c076a97beb5fb480de13daed09397e89aafbec6d492e7f56d5f0fa6e3c9ebead');
INSERT INTO "events" VALUES(4,'2027-03-01 14:06:00.835398','record.signed','Ada',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "contact", "subject_id": "desk-phone"}','c076a97beb5fb480de13daed09397e89aafbec6d492e7f56d5f0fa6e3c9ebead','410afb234109169a50a36c527203e70a857f2abcbd185f83ba96f71ae7735c97');
INSERT INTO "events" VALUES(5,'2027-03-01 14:07:00.786879','record.signed','Grace',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-2025"}','410afb234109169a50a36c527203e70a857f2abcbd185f83ba96f71ae7735c97','a8ea9cdfe04e1f9a990bb338d0931d28a23f8c0715acf0c23c05a80e81b992f6');
INSERT INTO "events" VALUES(6,'2027-03-01 14:07:00.834116','record.signed','Grace',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-1990"}','a8ea9cdfe04e1f9a990bb338d0931d28a23f8c0715acf0c23c05a80e81b992f6','0679c8d657b0d81cf4f7a65e9ab0e3c7cb130cd442fc6ea99f7ec1784eaa4b49');
INSERT INTO "events" VALUES(7,'2027-03-01 14:08:00.862674','record.signed','Grace',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "contact", "subject_id": "desk-phone"}','0679c8d657b0d81cf4f7a65e9ab0e3c7cb130cd442fc6ea99f7ec1784eaa4b49','eb5e1ae08b8f2eb92a66d20a3f6d2386120321199617d94d7de8c39f3a710a90');
INSERT INTO "events" VALUES(8,'2027-03-01 14:11:02.064156','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "4f1257d1c969ba667d0e94be7dd2a311b53909077714b2618fc34080cab16581", "item": "why-we-read", "role": "coordinator", "season": 2027}','eb5e1ae08b8f2eb92a66d20a3f6d2386120321199617d94d7de8c39f3a710a90','d0e42b9744697c72355609ae7e030d2c211537ac7b04ff81556279359c08eb92');
INSERT INTO "events" VALUES(9,'2027-03-01 14:11:02.113084','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "f3365793952b3ac19e6ca518041156a59fe5602c77e68c3d5a756e8abbdbf4a5", "item": "why-we-read", "role": "coordinator", "season": 2027}','d0e42b9744697c72355609ae7e030d2c211537ac7b04ff81556279359c08eb92','3f555bcc608b10388ba4485d7314af3887119766df60651ed6cdcbe14abcdfaf');
INSERT INTO "events" VALUES(10,'2027-03-01 14:11:02.120024','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "e7afb1d97b8d0e97bab4fe974b9ee2ca2ac8e572fb4b02b9aa4fbff2297acf47", "item": "a-book-a-day", "role": "coordinator", "season": 2027}','3f555bcc608b10388ba4485d7314af3887119766df60651ed6cdcbe14abcdfaf','2abea3b195bf858ecd41d38c2fa158425b5b0e1ad6e6375a81431534e1fa7904');
INSERT INTO "events" VALUES(11,'2027-03-01 14:11:02.140644','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "ae8726ab497644eeb3c97d25097f4d13c8027e9cf8adf9797f576fa05387751d", "item": "a-book-a-day", "role": "coordinator", "season": 2027}','2abea3b195bf858ecd41d38c2fa158425b5b0e1ad6e6375a81431534e1fa7904','084ee93d044c853731f6ab53085f667b6b94415a2a59ffa901830487471c648f');
INSERT INTO "events" VALUES(12,'2027-03-01 14:11:02.152147','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "e1f105680841d2c8eb30076e7914eb289dc7f6b47c691c17ff7fe43b597d1787", "item": "then-and-now", "role": "coordinator", "season": 2027}','084ee93d044c853731f6ab53085f667b6b94415a2a59ffa901830487471c648f','d7240b3d234f4737ff3a1eb0afa1e1427cbbada241de3e1383a750f80f32b2cb');
INSERT INTO "events" VALUES(13,'2027-03-01 14:11:02.165362','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "a21e1579152b1c112f45cbd7a27b5eaefde85adb738c57d936b62465dcfb0edd", "item": "then-and-now", "role": "coordinator", "season": 2027}','d7240b3d234f4737ff3a1eb0afa1e1427cbbada241de3e1383a750f80f32b2cb','95839564a15d227e0e189a6b0ff82806a4e55eff0fa18b9c6b6ef528cf864b5b');
INSERT INTO "events" VALUES(14,'2027-03-01 14:12:01.766522','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "4f1257d1c969ba667d0e94be7dd2a311b53909077714b2618fc34080cab16581", "item": "why-we-read", "role": "coordinator", "season": 2027}','95839564a15d227e0e189a6b0ff82806a4e55eff0fa18b9c6b6ef528cf864b5b','25ec6a8a06950f41c9f50f0793925fe6048c1b4eea923d83f8b96b52ca480d36');
INSERT INTO "events" VALUES(15,'2027-03-01 14:12:01.819216','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "f3365793952b3ac19e6ca518041156a59fe5602c77e68c3d5a756e8abbdbf4a5", "item": "why-we-read", "role": "coordinator", "season": 2027}','25ec6a8a06950f41c9f50f0793925fe6048c1b4eea923d83f8b96b52ca480d36','5d67793ead67ab88e8eea68a0460887eda9996abe887e37993852ee74dd09a1e');
INSERT INTO "events" VALUES(16,'2027-03-01 14:12:01.831819','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "e7afb1d97b8d0e97bab4fe974b9ee2ca2ac8e572fb4b02b9aa4fbff2297acf47", "item": "a-book-a-day", "role": "coordinator", "season": 2027}','5d67793ead67ab88e8eea68a0460887eda9996abe887e37993852ee74dd09a1e','feff7a35f522a9d7c9be48071e4ccba428b0323c315287ff15eacf830ce922e0');
INSERT INTO "events" VALUES(17,'2027-03-01 14:12:01.851592','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "ae8726ab497644eeb3c97d25097f4d13c8027e9cf8adf9797f576fa05387751d", "item": "a-book-a-day", "role": "coordinator", "season": 2027}','feff7a35f522a9d7c9be48071e4ccba428b0323c315287ff15eacf830ce922e0','773c9763c749b5e70519d2ade0a9375ab024a6136a2e62b1911db15accad728d');
INSERT INTO "events" VALUES(18,'2027-03-01 14:12:01.871483','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "e1f105680841d2c8eb30076e7914eb289dc7f6b47c691c17ff7fe43b597d1787", "item": "then-and-now", "role": "coordinator", "season": 2027}','773c9763c749b5e70519d2ade0a9375ab024a6136a2e62b1911db15accad728d','7c1fe19fc6b51a24e1e165003706d176d6b17564bb0d27354dadbc3b91a5a512');
INSERT INTO "events" VALUES(19,'2027-03-01 14:12:01.883504','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "a21e1579152b1c112f45cbd7a27b5eaefde85adb738c57d936b62465dcfb0edd", "item": "then-and-now", "role": "coordinator", "season": 2027}','7c1fe19fc6b51a24e1e165003706d176d6b17564bb0d27354dadbc3b91a5a512','cdd719cc285b81029505211a9ddc25ea1c72cdcec8debb6e66f870c468cda77c');
INSERT INTO "events" VALUES(20,'2027-03-01 14:15:01.340665','season.armed','Ada',NULL,'{"campaign": "reading-week", "season": 2027}','cdd719cc285b81029505211a9ddc25ea1c72cdcec8debb6e66f870c468cda77c','64c80a0255021b14b19604ea57efc92e1b5aae086abfd384aafdff9b5c6fd090');
INSERT INTO "events" VALUES(21,'2027-03-01 14:16:01.464622','delivery.planned','plan',1,'{"campaign": "reading-week", "channel": "email", "due_at": "2027-03-08T12:30:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "mode": "rehearsal", "season": 2027}','64c80a0255021b14b19604ea57efc92e1b5aae086abfd384aafdff9b5c6fd090','2c251b55d364846abd458a7cac611f617eb6aa5dcf64a69513d0036cec8d90fc');
INSERT INTO "events" VALUES(22,'2027-03-01 14:16:01.464622','delivery.planned','plan',2,'{"campaign": "reading-week", "channel": "x", "due_at": "2027-03-08T17:00:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "mode": "rehearsal", "season": 2027}','2c251b55d364846abd458a7cac611f617eb6aa5dcf64a69513d0036cec8d90fc','21a21000198fcb034c6a829c2f52e2e652ab73090cc1706b9492700b599fe653');
INSERT INTO "events" VALUES(23,'2027-03-01 14:16:01.464622','delivery.planned','plan',3,'{"campaign": "reading-week", "channel": "email", "due_at": "2027-03-09T12:30:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "mode": "rehearsal", "season": 2027}','21a21000198fcb034c6a829c2f52e2e652ab73090cc1706b9492700b599fe653','16f3cbba969027bf34072b330c70c2d69cf49a8cf818fcef6170b80d89e7668f');
INSERT INTO "events" VALUES(24,'2027-03-01 14:16:01.464622','delivery.planned','plan',4,'{"campaign": "reading-week", "channel": "x", "due_at": "2027-03-09T15:00:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "mode": "rehearsal", "season": 2027}','16f3cbba969027bf34072b330c70c2d69cf49a8cf818fcef6170b80d89e7668f','ab975abf646d5e9f8ef961fa5ff5208de903c9783a097bb12d18b2dc49136aab');
INSERT INTO "events" VALUES(25,'2027-03-01 14:16:01.464622','delivery.planned','plan',5,'{"campaign": "reading-week", "channel": "email", "due_at": "2027-03-10T12:30:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "mode": "rehearsal", "season": 2027}','ab975abf646d5e9f8ef961fa5ff5208de903c9783a097bb12d18b2dc49136aab','c476a5ef4df57a0726784eee9ff240147dd0f8576815efd654a8b345f8285edc');
INSERT INTO "events" VALUES(26,'2027-03-01 14:16:01.464622','delivery.planned','plan',6,'{"campaign": "reading-week", "channel": "x", "due_at": "2027-03-10T15:00:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "mode": "rehearsal", "season": 2027}','c476a5ef4df57a0726784eee9ff240147dd0f8576815efd654a8b345f8285edc','9721f853b670730440e1f21d0371fdf8a293e0c343976bd076df48df02c178d5');
INSERT INTO "events" VALUES(27,'2027-03-08 15:05:02.218928','delivery.opened','tick',1,'{"frozen": 4}','9721f853b670730440e1f21d0371fdf8a293e0c343976bd076df48df02c178d5','c22253030c66ec1d1fe8c31c8263c8dc0d4076e72f6b207bd3c6f6073f10929a');
INSERT INTO "events" VALUES(28,'2027-03-08 15:05:02.342078','attempt.begun','tick',1,'{"attempt": 1, "batch": 1, "digest": "4f1257d1c969ba667d0e94be7dd2a311b53909077714b2618fc34080cab16581", "node": "old-host:25061", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 4, "token": "03d4e1da133e3b693b17751453c92b16"}','c22253030c66ec1d1fe8c31c8263c8dc0d4076e72f6b207bd3c6f6073f10929a','61c4e14bfd131659ff1fb12e64a925eabb46b7888824a3476bb1591ba061d132');
INSERT INTO "events" VALUES(29,'2027-03-08 15:05:02.397343','attempt.accepted','tick',1,'{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-6d0c9cff0034cf668d8b25e316117480-066e106ca3", "retry_at": null, "status": null, "token": "03d4e1da133e3b693b17751453c92b16"}','61c4e14bfd131659ff1fb12e64a925eabb46b7888824a3476bb1591ba061d132','0271ae8038d5f37d798feccb70310d01d501ba8534987120f51bbfe4c1f1c7d7');
INSERT INTO "events" VALUES(30,'2027-03-09 15:05:01.643525','delivery.missed','tick',2,'{"channel": "x", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "why": "nothing ran, or nothing could be sent, while it was open"}','0271ae8038d5f37d798feccb70310d01d501ba8534987120f51bbfe4c1f1c7d7','8cb63e62ef4292c7a45e14fcd3a622df6a8d27570c49ac5d6740417ac92c04c1');
INSERT INTO "events" VALUES(31,'2027-03-09 15:05:01.754881','delivery.opened','tick',3,'{"frozen": 4}','8cb63e62ef4292c7a45e14fcd3a622df6a8d27570c49ac5d6740417ac92c04c1','3ae4958410e9aeb8144209b96b03f971d6b9ef7c815f1c8bbe08c997ac0922fb');
INSERT INTO "events" VALUES(32,'2027-03-09 15:05:01.835242','attempt.begun','tick',3,'{"attempt": 1, "batch": 1, "digest": "e7afb1d97b8d0e97bab4fe974b9ee2ca2ac8e572fb4b02b9aa4fbff2297acf47", "node": "old-host:25087", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 4, "token": "97ed5c8c924b5d9ba244dd8dee4e23e8"}','3ae4958410e9aeb8144209b96b03f971d6b9ef7c815f1c8bbe08c997ac0922fb','cc4f59c4d7a3283de5b7dfe6d79c46e7d966ce915d5e9cb6100a52ae29e780ba');
INSERT INTO "events" VALUES(33,'2027-03-09 15:05:01.871300','attempt.accepted','tick',3,'{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-c4584c43cd7ca046079fb34df4d5e57f-bb591681ac", "retry_at": null, "status": null, "token": "97ed5c8c924b5d9ba244dd8dee4e23e8"}','cc4f59c4d7a3283de5b7dfe6d79c46e7d966ce915d5e9cb6100a52ae29e780ba','a18ea92192ef726fb19b4dc5319f82b841d1868984cdd24229400b633bdba2f5');
INSERT INTO "events" VALUES(34,'2027-03-09 15:05:01.886363','delivery.opened','tick',4,'{"frozen": 1}','a18ea92192ef726fb19b4dc5319f82b841d1868984cdd24229400b633bdba2f5','7d92d71983767f3202c23537b2606cdf711eb6938e6dad90377b864d68e118aa');
INSERT INTO "events" VALUES(35,'2027-03-09 15:05:01.923964','attempt.begun','tick',4,'{"attempt": 1, "batch": 1, "digest": "ae8726ab497644eeb3c97d25097f4d13c8027e9cf8adf9797f576fa05387751d", "node": "old-host:25087", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 0, "token": "24b44a16cc7367b3214759837d9df645"}','7d92d71983767f3202c23537b2606cdf711eb6938e6dad90377b864d68e118aa','267598ab3dcbf4001966728fe19f85d8ea10675eaadca891482db3e3d61e1dcc');
INSERT INTO "events" VALUES(36,'2027-03-09 15:05:01.943043','attempt.accepted','tick',4,'{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-text-c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5-68a654e99d", "retry_at": null, "status": null, "token": "24b44a16cc7367b3214759837d9df645"}','267598ab3dcbf4001966728fe19f85d8ea10675eaadca891482db3e3d61e1dcc','65037b4eec7c30afa6fa4d1b8094eae3f18ec8eba1f9a8b64bd2a4bf459959d3');
INSERT INTO "events" VALUES(37,'2027-03-09 17:00:00.629820','hold.set','Ada',NULL,'{"channel": "x", "why": "strike"}','65037b4eec7c30afa6fa4d1b8094eae3f18ec8eba1f9a8b64bd2a4bf459959d3','3fa280601eea26993849e94d5a7c6782e9efab72ea609f824ac5aeb7f8ea3f4f');
INSERT INTO "events" VALUES(38,'2027-03-10 15:05:01.874573','delivery.opened','tick',5,'{"frozen": 4}','3fa280601eea26993849e94d5a7c6782e9efab72ea609f824ac5aeb7f8ea3f4f','9aacf4ea9103f919559a6ae3c30489162e864e7bb29ca643992f6a893f34287a');
INSERT INTO "events" VALUES(39,'2027-03-10 15:05:01.994028','attempt.begun','tick',5,'{"attempt": 1, "batch": 1, "digest": "e1f105680841d2c8eb30076e7914eb289dc7f6b47c691c17ff7fe43b597d1787", "node": "old-host:25124", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 4, "token": "deb651872be7a2d49212d485012ba915"}','9aacf4ea9103f919559a6ae3c30489162e864e7bb29ca643992f6a893f34287a','2ab3e0abe8a982a18360cc7af3d4f98772005c05ef4529ab917775abb6decafa');
INSERT INTO "events" VALUES(40,'2027-03-10 15:05:02.052963','attempt.accepted','tick',5,'{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-aa09552423778099523b8d6fe3f84bc4-7288635c15", "retry_at": null, "status": null, "token": "deb651872be7a2d49212d485012ba915"}','2ab3e0abe8a982a18360cc7af3d4f98772005c05ef4529ab917775abb6decafa','12cd4ddc893f146adf2198410d60c1166fcc396a9e4dbb548aa49333bb6bd886');
INSERT INTO "events" VALUES(41,'2027-03-10 15:05:02.103221','delivery.waits','tick',6,'{"why": "held by Ada since 2027-03-09 17:00 UTC: strike"}','12cd4ddc893f146adf2198410d60c1166fcc396a9e4dbb548aa49333bb6bd886','234ce4629a5df3e1a8715ee35c6721404c79768a9d8f1109db911198179d5ac2');
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
INSERT INTO "holds" VALUES(1,'x','Ada','strike','2027-03-09 17:00:00.629820','',NULL);
CREATE TABLE invitations (
	id INTEGER NOT NULL, 
	campaign VARCHAR(200) NOT NULL, 
	season INTEGER NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	role VARCHAR(100) NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	invited_by VARCHAR(200) NOT NULL, 
	invited_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	first_look_at DATETIME, 
	last_look_at DATETIME, 
	revoked_at DATETIME, 
	revoked_by VARCHAR(200) DEFAULT '' NOT NULL, 
	CONSTRAINT pk_invitations PRIMARY KEY (id), 
	CONSTRAINT uq_invitations_token_hash UNIQUE (token_hash)
);
CREATE TABLE ledger (
	id INTEGER NOT NULL, 
	ledger_id VARCHAR(32) NOT NULL, 
	events INTEGER NOT NULL, 
	last_hash VARCHAR(64) NOT NULL, 
	copied_at DATETIME, 
	CONSTRAINT pk_ledger PRIMARY KEY (id), 
	CONSTRAINT ck_ledger_one_row CHECK (id = 1)
);
INSERT INTO "ledger" VALUES(1,'ce43f00d04834117dbadf433526a79ad',41,'234ce4629a5df3e1a8715ee35c6721404c79768a9d8f1109db911198179d5ac2',NULL);
CREATE TABLE messages (
	digest VARCHAR(64) NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT pk_messages PRIMARY KEY (digest)
);
INSERT INTO "messages" VALUES('4f1257d1c969ba667d0e94be7dd2a311b53909077714b2618fc34080cab16581','{"body": {"from_address": "news@example.org", "from_name": "Example Coalition", "headers": {"Auto-Submitted": "auto-generated", "List-Id": "Reading Week <reading-week.news.example.org>"}, "html": "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Why we read</title>\n<style>@media (prefers-color-scheme:dark){.page{background-color:#12171e!important}.card{background-color:#1b222c!important}.card,.h1,.h2,.h3,.quote,.help,.help_title,.digits,.digits_small,.help_line,.part,.part_now{color:#e8edf3!important}.lead,.eyebrow,.attribution,.small,.foot,.help_hours{color:#a5b0bd!important}.link{color:#8db8f2!important}.blockquote,.action{border-color:#8db8f2!important}.note{border-color:#7d8896!important}.hr,.part{border-color:#3a4553!important}.help,.part_now{background-color:#12171e!important;border-color:#8db8f2!important}.button{background-color:#8db8f2!important}.button_link{color:#12171e!important}}@media (max-width:480px){.outer{padding:0 0 24px!important}.band,.card{padding-left:16px!important;padding-right:16px!important;border-radius:0!important}.help{padding:16px 16px 0!important}}</style>\n</head>\n<body class=\"page\" style=\"margin:0;padding:0;background-color:#eaf1fb;-webkit-text-size-adjust:100%;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"outer\" align=\"center\" style=\"padding:8px 8px 32px\">\n<table role=\"presentation\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"width:100%;max-width:600px;border-collapse:separate;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<tr><td class=\"lead\" align=\"left\" style=\"padding:8px 16px;font-size:14px;line-height:1.5;color:#56616f\">Five days, five short letters</td></tr>\n<tr><td class=\"band\" align=\"left\" style=\"padding:16px 24px;background-color:#1f4e8c;color:#ffffff;border-radius:6px 6px 0 0\">\n<p style=\"margin:0;font-size:18px;line-height:1.3;font-weight:bold;color:#ffffff\">Reading Week</p>\n<p style=\"margin:4px 0 0;font-size:15px;line-height:1.4;color:#ffffff\">Day 1 of 3, Monday 8 March 2027</p>\n</td></tr>\n<tr><td class=\"card\" align=\"left\" style=\"padding:24px 24px 8px;background-color:#ffffff;color:#1b2430;border-radius:0 0 6px 6px;overflow-wrap:break-word;word-break:break-word\">\n<h1 class=\"h1\" style=\"margin:0 0 16px;font-size:26px;line-height:1.25;font-weight:bold;color:#1b2430\">Why we read</h1>\n<p style=\"margin:0 0 16px\">Good morning.</p>\n<p style=\"margin:0 0 16px\">the town library had 4,100 members at the end of 2025, says the Annual Report 2025.</p>\n<p class=\"small\" style=\"margin:0 0 8px;font-size:14px;line-height:1.5;color:#56616f\">\nFigures: 4,100, as of December 2025. Source: <a class=\"link\" href=\"https://library.example/report-2025\" style=\"color:#1f4e8c;text-decoration:underline\">Annual Report 2025</a>, Town Library, February 2026.\n</p>\n<div style=\"height:12px;line-height:12px;font-size:1px\">&nbsp;</div>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"help\" style=\"padding:20px 20px 4px;background-color:#eaf1fb;color:#1b2430;border:2px solid #1f4e8c;border-radius:6px\">\n<h2 class=\"help_title\" style=\"margin:0 0 12px;font-size:20px;line-height:1.3;font-weight:bold;color:#1b2430\">Help</h2>\n<p class=\"digits\" style=\"margin:0;font-size:28px;line-height:1.3;font-weight:bold;color:#1b2430\"><a class=\"link\" href=\"tel:+15550100199\" style=\"color:#1f4e8c;text-decoration:underline\">1-555-010-0199</a></p>\n<p class=\"help_line\" style=\"margin:0;font-size:15px;line-height:1.45;color:#1b2430\">\n<strong>Library desk.</strong> Questions about books, cards and events.\n</p>\n<p class=\"help_hours\" style=\"margin:0 0 16px;font-size:14px;line-height:1.5;color:#56616f\">\nMonday to Friday, 9 to 17. English.\n</p>\n</td>\n</tr></table>\n<div style=\"height:20px;line-height:20px;font-size:1px\">&nbsp;</div>\n</td></tr>\n<tr><td class=\"foot\" align=\"left\" style=\"padding:20px 16px 0;font-size:14px;line-height:1.5;color:#56616f\">\n<p style=\"margin:0 0 16px\">You get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.</p>\n<p style=\"margin:0 0 16px\"><a class=\"link\" href=\"%unsubscribe_url%\" style=\"color:#1f4e8c;text-decoration:underline\">Get fewer of these emails, or stop them</a>.</p>\n<p style=\"margin:0 0 16px\">If someone checks this inbox, use a safer device to read about this or to look for help.</p>\n<p style=\"margin:0 0 16px\">A reply reaches Example Coalition. It is not a help line and may be read late; use the numbers above for help.</p>\n<p style=\"margin:0 0 16px\">Example Coalition<br>1 Example Street, Example Town, EX 00000</p>\n</td></tr>\n</table>\n</td>\n</tr></table>\n</body>\n</html>\n", "list_id": "Reading Week <reading-week.news.example.org>", "preheader": "Five days, five short letters", "reply_to": "hello@example.org", "subject": "Why we read", "text": "Five days, five short letters\n\nReading Week\nDay 1 of 3, Monday 8 March 2027\n\nWhy we read\n===========\n\nGood morning.\n\nthe town library had 4,100 members at the end of 2025, says the Annual\nReport 2025.\n\nFigures: 4,100, as of December 2025. Source: Annual Report 2025, Town\nLibrary, February 2026.\nhttps://library.example/report-2025\n\nHelp\n----\n\n1-555-010-0199\n  Library desk. Questions about books, cards and events. Monday to\n  Friday, 9 to 17. English.\n\n------------------------------------------------------------------------\n\nYou get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.\n\nGet fewer of these emails, or stop them:\n%unsubscribe_url%\n\nIf someone checks this inbox, use a safer device to read about this or\nto look for help.\n\nA reply reaches Example Coalition. It is not a help line and may be read\nlate; use the numbers above for help.\n\nExample Coalition\n1 Example Street, Example Town, EX 00000\n", "tokens": ["%unsubscribe_url%"], "type": "EmailBody"}, "campaign": "reading-week", "channel": "email", "claims": ["members-2025"], "contacts": ["desk-phone"], "due_at": "2027-03-08T12:30:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "kind": "fact", "links": ["https://library.example/report-2025"], "on": "2027-03-08", "quotations": [], "rests_on": {"claim:members-2025": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
INSERT INTO "messages" VALUES('f3365793952b3ac19e6ca518041156a59fe5602c77e68c3d5a756e8abbdbf4a5','{"body": {"alt_text": "", "characters": 75, "contains_url": false, "limit": 280, "text": "4,100 of us have a library card.\n\nLibrary desk: 1-555-010-0199\n#ReadingWeek", "type": "PostBody"}, "campaign": "reading-week", "channel": "x", "claims": ["members-2025"], "contacts": ["desk-phone"], "due_at": "2027-03-08T17:00:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "kind": "fact", "links": [], "on": "2027-03-08", "quotations": [], "rests_on": {"claim:members-2025": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
INSERT INTO "messages" VALUES('e7afb1d97b8d0e97bab4fe974b9ee2ca2ac8e572fb4b02b9aa4fbff2297acf47','{"body": {"from_address": "news@example.org", "from_name": "Example Coalition", "headers": {"Auto-Submitted": "auto-generated", "List-Id": "Reading Week <reading-week.news.example.org>"}, "html": "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Ten minutes a day</title>\n<style>@media (prefers-color-scheme:dark){.page{background-color:#12171e!important}.card{background-color:#1b222c!important}.card,.h1,.h2,.h3,.quote,.help,.help_title,.digits,.digits_small,.help_line,.part,.part_now{color:#e8edf3!important}.lead,.eyebrow,.attribution,.small,.foot,.help_hours{color:#a5b0bd!important}.link{color:#8db8f2!important}.blockquote,.action{border-color:#8db8f2!important}.note{border-color:#7d8896!important}.hr,.part{border-color:#3a4553!important}.help,.part_now{background-color:#12171e!important;border-color:#8db8f2!important}.button{background-color:#8db8f2!important}.button_link{color:#12171e!important}}@media (max-width:480px){.outer{padding:0 0 24px!important}.band,.card{padding-left:16px!important;padding-right:16px!important;border-radius:0!important}.help{padding:16px 16px 0!important}}</style>\n</head>\n<body class=\"page\" style=\"margin:0;padding:0;background-color:#eaf1fb;-webkit-text-size-adjust:100%;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"outer\" align=\"center\" style=\"padding:8px 8px 32px\">\n<table role=\"presentation\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"width:100%;max-width:600px;border-collapse:separate;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<tr><td class=\"band\" align=\"left\" style=\"padding:16px 24px;background-color:#1f4e8c;color:#ffffff;border-radius:6px 6px 0 0\">\n<p style=\"margin:0;font-size:18px;line-height:1.3;font-weight:bold;color:#ffffff\">Reading Week</p>\n<p style=\"margin:4px 0 0;font-size:15px;line-height:1.4;color:#ffffff\">Day 2 of 3, Tuesday 9 March 2027</p>\n</td></tr>\n<tr><td class=\"card\" align=\"left\" style=\"padding:24px 24px 8px;background-color:#ffffff;color:#1b2430;border-radius:0 0 6px 6px;overflow-wrap:break-word;word-break:break-word\">\n<h1 class=\"h1\" style=\"margin:0 0 16px;font-size:26px;line-height:1.25;font-weight:bold;color:#1b2430\">Ten minutes a day</h1>\n<p style=\"margin:0 0 16px\">Ten minutes a day are a book a month.</p>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"help\" style=\"padding:20px 20px 4px;background-color:#eaf1fb;color:#1b2430;border:2px solid #1f4e8c;border-radius:6px\">\n<h2 class=\"help_title\" style=\"margin:0 0 12px;font-size:20px;line-height:1.3;font-weight:bold;color:#1b2430\">Help</h2>\n<p class=\"digits\" style=\"margin:0;font-size:28px;line-height:1.3;font-weight:bold;color:#1b2430\"><a class=\"link\" href=\"tel:+15550100199\" style=\"color:#1f4e8c;text-decoration:underline\">1-555-010-0199</a></p>\n<p class=\"help_line\" style=\"margin:0;font-size:15px;line-height:1.45;color:#1b2430\">\n<strong>Library desk.</strong> Questions about books, cards and events.\n</p>\n<p class=\"help_hours\" style=\"margin:0 0 16px;font-size:14px;line-height:1.5;color:#56616f\">\nMonday to Friday, 9 to 17. English.\n</p>\n</td>\n</tr></table>\n<div style=\"height:20px;line-height:20px;font-size:1px\">&nbsp;</div>\n</td></tr>\n<tr><td class=\"foot\" align=\"left\" style=\"padding:20px 16px 0;font-size:14px;line-height:1.5;color:#56616f\">\n<p style=\"margin:0 0 16px\">You get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.</p>\n<p style=\"margin:0 0 16px\"><a class=\"link\" href=\"%unsubscribe_url%\" style=\"color:#1f4e8c;text-decoration:underline\">Get fewer of these emails, or stop them</a>.</p>\n<p style=\"margin:0 0 16px\">If someone checks this inbox, use a safer device to read about this or to look for help.</p>\n<p style=\"margin:0 0 16px\">A reply reaches Example Coalition. It is not a help line and may be read late; use the numbers above for help.</p>\n<p style=\"margin:0 0 16px\">Example Coalition<br>1 Example Street, Example Town, EX 00000</p>\n</td></tr>\n</table>\n</td>\n</tr></table>\n</body>\n</html>\n", "list_id": "Reading Week <reading-week.news.example.org>", "preheader": "", "reply_to": "hello@example.org", "subject": "Ten minutes a day", "text": "Reading Week\nDay 2 of 3, Tuesday 9 March 2027\n\nTen minutes a day\n=================\n\nTen minutes a day are a book a month.\n\nHelp\n----\n\n1-555-010-0199\n  Library desk. Questions about books, cards and events. Monday to\n  Friday, 9 to 17. English.\n\n------------------------------------------------------------------------\n\nYou get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.\n\nGet fewer of these emails, or stop them:\n%unsubscribe_url%\n\nIf someone checks this inbox, use a safer device to read about this or\nto look for help.\n\nA reply reaches Example Coalition. It is not a help line and may be read\nlate; use the numbers above for help.\n\nExample Coalition\n1 Example Street, Example Town, EX 00000\n", "tokens": ["%unsubscribe_url%"], "type": "EmailBody"}, "campaign": "reading-week", "channel": "email", "claims": [], "contacts": ["desk-phone"], "due_at": "2027-03-09T12:30:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "kind": "action", "links": [], "on": "2027-03-09", "quotations": [], "rests_on": {"contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
INSERT INTO "messages" VALUES('ae8726ab497644eeb3c97d25097f4d13c8027e9cf8adf9797f576fa05387751d','{"body": {"alt_text": "", "characters": 67, "contains_url": false, "limit": 280, "text": "Ten minutes a day are a book a month.\n\nLibrary desk: 1-555-010-0199", "type": "PostBody"}, "campaign": "reading-week", "channel": "x", "claims": [], "contacts": ["desk-phone"], "due_at": "2027-03-09T15:00:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "kind": "action", "links": [], "on": "2027-03-09", "quotations": [], "rests_on": {"contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
INSERT INTO "messages" VALUES('e1f105680841d2c8eb30076e7914eb289dc7f6b47c691c17ff7fe43b597d1787','{"body": {"from_address": "news@example.org", "from_name": "Example Coalition", "headers": {"Auto-Submitted": "auto-generated", "List-Id": "Reading Week <reading-week.news.example.org>"}, "html": "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>How many readers? Then and now</title>\n<style>@media (prefers-color-scheme:dark){.page{background-color:#12171e!important}.card{background-color:#1b222c!important}.card,.h1,.h2,.h3,.quote,.help,.help_title,.digits,.digits_small,.help_line,.part,.part_now{color:#e8edf3!important}.lead,.eyebrow,.attribution,.small,.foot,.help_hours{color:#a5b0bd!important}.link{color:#8db8f2!important}.blockquote,.action{border-color:#8db8f2!important}.note{border-color:#7d8896!important}.hr,.part{border-color:#3a4553!important}.help,.part_now{background-color:#12171e!important;border-color:#8db8f2!important}.button{background-color:#8db8f2!important}.button_link{color:#12171e!important}}@media (max-width:480px){.outer{padding:0 0 24px!important}.band,.card{padding-left:16px!important;padding-right:16px!important;border-radius:0!important}.help{padding:16px 16px 0!important}}</style>\n</head>\n<body class=\"page\" style=\"margin:0;padding:0;background-color:#eaf1fb;-webkit-text-size-adjust:100%;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"outer\" align=\"center\" style=\"padding:8px 8px 32px\">\n<table role=\"presentation\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"width:100%;max-width:600px;border-collapse:separate;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<tr><td class=\"band\" align=\"left\" style=\"padding:16px 24px;background-color:#1f4e8c;color:#ffffff;border-radius:6px 6px 0 0\">\n<p style=\"margin:0;font-size:18px;line-height:1.3;font-weight:bold;color:#ffffff\">Reading Week</p>\n<p style=\"margin:4px 0 0;font-size:15px;line-height:1.4;color:#ffffff\">Day 3 of 3, Wednesday 10 March 2027</p>\n</td></tr>\n<tr><td class=\"card\" align=\"left\" style=\"padding:24px 24px 8px;background-color:#ffffff;color:#1b2430;border-radius:0 0 6px 6px;overflow-wrap:break-word;word-break:break-word\">\n<p class=\"eyebrow\" style=\"margin:0 0 4px;font-size:14px;line-height:1.5;color:#56616f\">Town Reading Day</p>\n<h1 class=\"h1\" style=\"margin:0 0 16px;font-size:26px;line-height:1.25;font-weight:bold;color:#1b2430\">How many readers? Then and now</h1>\n<p style=\"margin:0 0 16px\">In 1990: 900. Now: 4,100.</p>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"part\" style=\"padding:16px 16px 4px;border:1px solid #d5dbe3;border-radius:6px;color:#1b2430\">\n<h2 class=\"label\" style=\"margin:0 0 8px;font-size:17px;line-height:1.3;font-weight:bold\">Then</h2>\n<p style=\"margin:0 0 4px\">&ldquo;The town has 900 members today, and room for each one of them.&rdquo;</p>\n<p class=\"attribution\" style=\"margin:0 0 12px;font-size:14px;line-height:1.5;color:#56616f\">The founders, founding letter, 1990</p>\n</td>\n</tr></table>\n<div style=\"height:12px;line-height:12px;font-size:1px\">&nbsp;</div>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"part_now\" style=\"padding:16px 16px 4px;border:1px solid #1f4e8c;border-radius:6px;color:#1b2430;background-color:#eaf1fb\">\n<h2 class=\"label\" style=\"margin:0 0 8px;font-size:17px;line-height:1.3;font-weight:bold\">Now</h2>\n<p style=\"margin:0 0 4px\">the town library had 4,100 members at the end of 2025.</p>\n<p class=\"attribution\" style=\"margin:0 0 12px;font-size:14px;line-height:1.5;color:#56616f\">\nSource: <a class=\"link\" href=\"https://library.example/report-2025\" style=\"color:#1f4e8c;text-decoration:underline\">Annual Report 2025</a>, Town Library, February 2026.\n</p>\n</td>\n</tr></table>\n<div style=\"height:20px;line-height:20px;font-size:1px\">&nbsp;</div>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"help\" style=\"padding:20px 20px 4px;background-color:#eaf1fb;color:#1b2430;border:2px solid #1f4e8c;border-radius:6px\">\n<h2 class=\"help_title\" style=\"margin:0 0 12px;font-size:20px;line-height:1.3;font-weight:bold;color:#1b2430\">Help</h2>\n<p class=\"digits\" style=\"margin:0;font-size:28px;line-height:1.3;font-weight:bold;color:#1b2430\"><a class=\"link\" href=\"tel:+15550100199\" style=\"color:#1f4e8c;text-decoration:underline\">1-555-010-0199</a></p>\n<p class=\"help_line\" style=\"margin:0;font-size:15px;line-height:1.45;color:#1b2430\">\n<strong>Library desk.</strong> Questions about books, cards and events.\n</p>\n<p class=\"help_hours\" style=\"margin:0 0 16px;font-size:14px;line-height:1.5;color:#56616f\">\nMonday to Friday, 9 to 17. English.\n</p>\n</td>\n</tr></table>\n<div style=\"height:20px;line-height:20px;font-size:1px\">&nbsp;</div>\n</td></tr>\n<tr><td class=\"foot\" align=\"left\" style=\"padding:20px 16px 0;font-size:14px;line-height:1.5;color:#56616f\">\n<p style=\"margin:0 0 16px\">You get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.</p>\n<p style=\"margin:0 0 16px\"><a class=\"link\" href=\"%unsubscribe_url%\" style=\"color:#1f4e8c;text-decoration:underline\">Get fewer of these emails, or stop them</a>.</p>\n<p style=\"margin:0 0 16px\">If someone checks this inbox, use a safer device to read about this or to look for help.</p>\n<p style=\"margin:0 0 16px\">A reply reaches Example Coalition. It is not a help line and may be read late; use the numbers above for help.</p>\n<p style=\"margin:0 0 16px\">Example Coalition<br>1 Example Street, Example Town, EX 00000</p>\n</td></tr>\n</table>\n</td>\n</tr></table>\n</body>\n</html>\n", "list_id": "Reading Week <reading-week.news.example.org>", "preheader": "", "reply_to": "hello@example.org", "subject": "How many readers? Then and now", "text": "Reading Week\nDay 3 of 3, Wednesday 10 March 2027\n\nTown Reading Day\n\nHow many readers? Then and now\n==============================\n\nIn 1990: 900. Now: 4,100.\n\nThen\n----\n\n“The town has 900 members today, and room for each one of them.”\nThe founders, founding letter, 1990\n\nNow\n---\n\nthe town library had 4,100 members at the end of 2025.\nSource: Annual Report 2025, Town Library, February 2026.\nhttps://library.example/report-2025\n\nHelp\n----\n\n1-555-010-0199\n  Library desk. Questions about books, cards and events. Monday to\n  Friday, 9 to 17. English.\n\n------------------------------------------------------------------------\n\nYou get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.\n\nGet fewer of these emails, or stop them:\n%unsubscribe_url%\n\nIf someone checks this inbox, use a safer device to read about this or\nto look for help.\n\nA reply reaches Example Coalition. It is not a help line and may be read\nlate; use the numbers above for help.\n\nExample Coalition\n1 Example Street, Example Town, EX 00000\n", "tokens": ["%unsubscribe_url%"], "type": "EmailBody"}, "campaign": "reading-week", "channel": "email", "claims": ["members-1990", "members-2025"], "contacts": ["desk-phone"], "due_at": "2027-03-10T12:30:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "kind": "then-now", "links": ["https://library.example/report-2025"], "on": "2027-03-10", "quotations": ["founding-letter#L2"], "rests_on": {"claim:members-1990": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "claim:members-2025": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de", "source:founding-letter": "a86bbacd2670de2fa7b55a69d3ea9bcd55748b01af676e965fe7c773438dae6b"}, "season": 2027}');
INSERT INTO "messages" VALUES('a21e1579152b1c112f45cbd7a27b5eaefde85adb738c57d936b62465dcfb0edd','{"body": {"alt_text": "", "characters": 61, "contains_url": false, "limit": 280, "text": "900 readers in 1990, 4,100 now.\n\nLibrary desk: 1-555-010-0199", "type": "PostBody"}, "campaign": "reading-week", "channel": "x", "claims": ["members-1990", "members-2025"], "contacts": ["desk-phone"], "due_at": "2027-03-10T15:00:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "kind": "then-now", "links": [], "on": "2027-03-10", "quotations": [], "rests_on": {"claim:members-1990": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "claim:members-2025": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
CREATE TABLE packets (
	campaign VARCHAR(200) NOT NULL, 
	season INTEGER NOT NULL, 
	edition VARCHAR(64) NOT NULL, 
	made_at DATETIME NOT NULL, 
	held TEXT NOT NULL, 
	CONSTRAINT pk_packets PRIMARY KEY (campaign, season, edition)
);
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
INSERT INTO "recipients" VALUES(1,'0f596dcd63eae44e36989f2b064b8b3a',1,NULL,NULL);
INSERT INTO "recipients" VALUES(1,'0f596dcd65dee06f3228eaaee0a14111',1,NULL,NULL);
INSERT INTO "recipients" VALUES(1,'0f596dcd6acf51b90a349e6c31ebd8a5',1,NULL,NULL);
INSERT INTO "recipients" VALUES(1,'0f596dcda7538bf609d8a517db174b86',1,NULL,NULL);
INSERT INTO "recipients" VALUES(3,'0f596dcd63eae44e36989f2b064b8b3a',1,NULL,NULL);
INSERT INTO "recipients" VALUES(3,'0f596dcd65dee06f3228eaaee0a14111',1,NULL,NULL);
INSERT INTO "recipients" VALUES(3,'0f596dcd6acf51b90a349e6c31ebd8a5',1,NULL,NULL);
INSERT INTO "recipients" VALUES(3,'0f596dcda7538bf609d8a517db174b86',1,NULL,NULL);
INSERT INTO "recipients" VALUES(5,'0f596dcd63eae44e36989f2b064b8b3a',1,NULL,NULL);
INSERT INTO "recipients" VALUES(5,'0f596dcd65dee06f3228eaaee0a14111',1,NULL,NULL);
INSERT INTO "recipients" VALUES(5,'0f596dcd6acf51b90a349e6c31ebd8a5',1,NULL,NULL);
INSERT INTO "recipients" VALUES(5,'0f596dcda7538bf609d8a517db174b86',1,NULL,NULL);
CREATE TABLE signatures (
	id INTEGER NOT NULL, 
	campaign VARCHAR(200) NOT NULL, 
	subject VARCHAR(16) NOT NULL, 
	subject_id VARCHAR(200) NOT NULL, 
	record_hash VARCHAR(64) NOT NULL, 
	person VARCHAR(200) NOT NULL, 
	role VARCHAR(100) NOT NULL, 
	signed_on DATE NOT NULL, 
	expires_on DATE, 
	CONSTRAINT pk_signatures PRIMARY KEY (id), 
	CONSTRAINT uq_signatures_record_person_role UNIQUE (campaign, subject, subject_id, record_hash, person, role)
);
INSERT INTO "signatures" VALUES(1,'reading-week','claim','members-2025','83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37','Ada','fact-reviewer','2027-03-01',NULL);
INSERT INTO "signatures" VALUES(2,'reading-week','claim','members-1990','b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63','Ada','fact-reviewer','2027-03-01',NULL);
INSERT INTO "signatures" VALUES(3,'reading-week','contact','desk-phone','c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de','Ada','fact-reviewer','2027-03-01',NULL);
INSERT INTO "signatures" VALUES(4,'reading-week','claim','members-2025','83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37','Grace','fact-reviewer','2027-03-01',NULL);
INSERT INTO "signatures" VALUES(5,'reading-week','claim','members-1990','b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63','Grace','fact-reviewer','2027-03-01',NULL);
INSERT INTO "signatures" VALUES(6,'reading-week','contact','desk-phone','c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de','Grace','fact-reviewer','2027-03-01',NULL);
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
INSERT INTO "subscribers" VALUES('0f596dcd63eae44e36989f2b064b8b3a','ann@example.org','ann@example.org','Ann','','active','import readers.csv','2027-03-01 14:00:03.030642');
INSERT INTO "subscribers" VALUES('0f596dcd6acf51b90a349e6c31ebd8a5','ben@example.org','ben@example.org','Ben','America/Chicago','active','import readers.csv','2027-03-01 14:00:03.030642');
INSERT INTO "subscribers" VALUES('0f596dcd65dee06f3228eaaee0a14111','cleo@example.org','cleo@example.org','','','active','import readers.csv','2027-03-01 14:00:03.030642');
INSERT INTO "subscribers" VALUES('0f596dcdcfa01d5983d1fb814beb49e8','dan@example.org','dan@example.org','Dan','','unsubscribed','import readers.csv','2027-03-01 14:00:03.030642');
INSERT INTO "subscribers" VALUES('0f596dcda7538bf609d8a517db174b86','eve@example.org','eve@example.org','Eve','Europe/Berlin','active','import readers.csv','2027-03-01 14:00:03.030642');
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
INSERT INTO "suppressions" VALUES('dan@example.org','0f596dcdcfa01d5983d1fb814beb49e8','list','','2027-03-01 14:00:00.000000');
CREATE INDEX ix_approvals_campaign_season_item_channel ON approvals (campaign, season, item, channel);
CREATE INDEX ix_armings_campaign_season ON armings (campaign, season);
CREATE INDEX ix_deliveries_mode_state_due_at ON deliveries (mode, state, due_at);
CREATE INDEX ix_events_delivery_id ON events (delivery_id);
CREATE INDEX ix_receipts_received_at ON receipts (received_at);
CREATE INDEX ix_comments_campaign_season_item ON comments (campaign, season, item);
CREATE INDEX ix_change_requests_campaign_season_item_channel ON change_requests (campaign, season, item, channel);
CREATE INDEX ix_invitations_campaign_season ON invitations (campaign, season);
CREATE INDEX ix_batches_state ON batches (state);
CREATE INDEX ix_batches_send_id ON batches (send_id);
CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
COMMIT;
