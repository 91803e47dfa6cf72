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
INSERT INTO "approvals" VALUES(1,'reading-week',2027,'why-we-read','email','e2ab689bd32fc050acbabe3a82356b4ebea4452dfbddf2c41f1b24e7b997163c','Grace','coordinator','','2027-03-01 14:11:06.655824',NULL,'');
INSERT INTO "approvals" VALUES(2,'reading-week',2027,'why-we-read','x','a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490','Grace','coordinator','','2027-03-01 14:11:06.870046',NULL,'');
INSERT INTO "approvals" VALUES(3,'reading-week',2027,'a-book-a-day','email','48c574de22482e82c6a811a51ce70c52004371fd8c2f8a90e805ad47842f7532','Grace','coordinator','','2027-03-01 14:11:06.894007',NULL,'');
INSERT INTO "approvals" VALUES(4,'reading-week',2027,'a-book-a-day','x','984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992','Grace','coordinator','','2027-03-01 14:11:06.897928',NULL,'');
INSERT INTO "approvals" VALUES(5,'reading-week',2027,'then-and-now','email','c5a71f87689e61381b3fb3078e421c65a126b626e7e079c64002f668626a1f92','Grace','coordinator','','2027-03-01 14:11:06.965130',NULL,'');
INSERT INTO "approvals" VALUES(6,'reading-week',2027,'then-and-now','x','7ec9a632161a6e86aaa0caa79998789295740cb3d6b8d8824d7fd0679dc316aa','Grace','coordinator','','2027-03-01 14:11:06.992550',NULL,'');
INSERT INTO "approvals" VALUES(7,'reading-week',2027,'why-we-read','email','e2ab689bd32fc050acbabe3a82356b4ebea4452dfbddf2c41f1b24e7b997163c','Ada','coordinator','','2027-03-01 14:12:04.863964',NULL,'');
INSERT INTO "approvals" VALUES(8,'reading-week',2027,'why-we-read','x','a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490','Ada','coordinator','','2027-03-01 14:12:05.061691',NULL,'');
INSERT INTO "approvals" VALUES(9,'reading-week',2027,'a-book-a-day','email','48c574de22482e82c6a811a51ce70c52004371fd8c2f8a90e805ad47842f7532','Ada','coordinator','','2027-03-01 14:12:05.101903',NULL,'');
INSERT INTO "approvals" VALUES(10,'reading-week',2027,'a-book-a-day','x','984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992','Ada','coordinator','','2027-03-01 14:12:05.146503',NULL,'');
INSERT INTO "approvals" VALUES(11,'reading-week',2027,'then-and-now','email','c5a71f87689e61381b3fb3078e421c65a126b626e7e079c64002f668626a1f92','Ada','coordinator','','2027-03-01 14:12:05.149883',NULL,'');
INSERT INTO "approvals" VALUES(12,'reading-week',2027,'then-and-now','x','7ec9a632161a6e86aaa0caa79998789295740cb3d6b8d8824d7fd0679dc316aa','Ada','coordinator','','2027-03-01 14:12:05.159665',NULL,'');
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
INSERT INTO "armings" VALUES(1,'reading-week',2027,'Ada','2027-03-01 14:15:06.081780','',NULL);
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
INSERT INTO "attempts" VALUES('94e4ebdd0a77cd08bdb2aef74fb3d9a9',1,1,'2027-03-08 15:05:06.863688','old-host:26264','e2ab689bd32fc050acbabe3a82356b4ebea4452dfbddf2c41f1b24e7b997163c','dcbf1aa5df94a10ba8467d5ec114a993',4,'2027-03-08 15:05:06.984762','accepted',NULL,'rehearsal-dcbf1aa5df94a10ba8467d5ec114a993-4245d6aee8','rehearsed, not sent');
INSERT INTO "attempts" VALUES('6fef3294ec943574370bf6e92e097b24',2,1,'2027-03-09 15:05:06.864294','old-host:26314','48c574de22482e82c6a811a51ce70c52004371fd8c2f8a90e805ad47842f7532','08c4b4690283c5a965d32d948e627271',4,'2027-03-09 15:05:06.911721','accepted',NULL,'rehearsal-08c4b4690283c5a965d32d948e627271-d9f27ca50b','rehearsed, not sent');
INSERT INTO "attempts" VALUES('49b86532304f6c5408da17d3503247ed',3,1,'2027-03-09 15:05:07.149477','old-host:26314','984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992','text:c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5fbf73f66b',0,'2027-03-09 15:05:07.263643','accepted',NULL,'rehearsal-text-c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5-68a654e99d','rehearsed, not sent');
INSERT INTO "attempts" VALUES('aeced411f40045f9dbcf6e2889c8d84f',4,1,'2027-03-10 15:05:07.679695','old-host:26402','c5a71f87689e61381b3fb3078e421c65a126b626e7e079c64002f668626a1f92','bf6e63ed37c7df05da8a5e3b83272e51',4,'2027-03-10 15:05:07.890557','accepted',NULL,'rehearsal-bf6e63ed37c7df05da8a5e3b83272e51-7ef74a0ca7','rehearsed, not sent');
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
	not_after_at DATETIME, 
	first_item VARCHAR(200) DEFAULT '' NOT NULL, 
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
INSERT INTO "batches" VALUES(1,1,1,'36e794f66535192c48bd88100ed4fa1b','b39ed07073c630f4d6b8e05c16b1c493',4,0,'sent','dcbf1aa5df94a10ba8467d5ec114a993','2027-03-08 12:30:00.000000',NULL,'',0,1,'94e4ebdd0a77cd08bdb2aef74fb3d9a9','e2ab689bd32fc050acbabe3a82356b4ebea4452dfbddf2c41f1b24e7b997163c','dcbf1aa5df94a10ba8467d5ec114a993','2027-03-08 15:05:06.863688','2027-03-08 15:06:46.863688','old-host:26264','rehearsal-dcbf1aa5df94a10ba8467d5ec114a993-4245d6aee8','rehearsed, not sent',0,0,'2027-03-08 15:05:56.863688');
INSERT INTO "batches" VALUES(2,3,1,'36e794f66535192c48bd88100ed4fa1b','b39ed07073c630f4d6b8e05c16b1c493',4,0,'sent','08c4b4690283c5a965d32d948e627271','2027-03-09 12:30:00.000000',NULL,'',0,1,'6fef3294ec943574370bf6e92e097b24','48c574de22482e82c6a811a51ce70c52004371fd8c2f8a90e805ad47842f7532','08c4b4690283c5a965d32d948e627271','2027-03-09 15:05:06.864294','2027-03-09 15:06:46.864294','old-host:26314','rehearsal-08c4b4690283c5a965d32d948e627271-d9f27ca50b','rehearsed, not sent',0,0,'2027-03-09 15:05:56.864294');
INSERT INTO "batches" VALUES(3,4,1,'','',1,0,'sent','dd3784393ac16cae03d4ff92409e79e0','2027-03-09 15:00:00.000000',NULL,'',0,1,'49b86532304f6c5408da17d3503247ed','984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992','text:c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5fbf73f66b','2027-03-09 15:05:07.149477','2027-03-09 15:06:47.149477','old-host:26314','rehearsal-text-c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5-68a654e99d','rehearsed, not sent',0,0,'2027-03-09 15:05:57.149477');
INSERT INTO "batches" VALUES(4,5,1,'36e794f66535192c48bd88100ed4fa1b','b39ed07073c630f4d6b8e05c16b1c493',4,0,'sent','bf6e63ed37c7df05da8a5e3b83272e51','2027-03-10 12:30:00.000000',NULL,'',0,1,'aeced411f40045f9dbcf6e2889c8d84f','c5a71f87689e61381b3fb3078e421c65a126b626e7e079c64002f668626a1f92','bf6e63ed37c7df05da8a5e3b83272e51','2027-03-10 15:05:07.679695','2027-03-10 15:06:47.679695','old-host:26402','rehearsal-bf6e63ed37c7df05da8a5e3b83272e51-7ef74a0ca7','rehearsed, not sent',0,0,'2027-03-10 15:05:57.679695');
CREATE TABLE cadences (
	subscriber_id VARCHAR(64) NOT NULL, 
	since_at DATETIME NOT NULL, 
	cadence VARCHAR(16) NOT NULL, 
	CONSTRAINT pk_cadences PRIMARY KEY (subscriber_id, since_at)
)
 WITHOUT ROWID

;
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
INSERT INTO "comments" VALUES(1,'reading-week',2027,'why-we-read','','Grace','coordinator','comment',NULL,'Good','2027-03-01 14:10:06.297490');
CREATE TABLE confirmations (
	token_hash VARCHAR(64) NOT NULL, 
	subscriber_id VARCHAR(64) NOT NULL, 
	wording VARCHAR(64) DEFAULT '' NOT NULL, 
	what TEXT DEFAULT '' NOT NULL, 
	made_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	used_at DATETIME, 
	CONSTRAINT pk_confirmations PRIMARY KEY (token_hash)
)
 WITHOUT ROWID

;
CREATE TABLE consents (
	id INTEGER NOT NULL, 
	subscriber_id VARCHAR(64) DEFAULT '' NOT NULL, 
	source TEXT DEFAULT '' NOT NULL, 
	at DATETIME NOT NULL, 
	how VARCHAR(16) NOT NULL, 
	what TEXT DEFAULT '' NOT NULL, 
	wording VARCHAR(64) DEFAULT '' NOT NULL, 
	who VARCHAR(200) DEFAULT '' NOT NULL, 
	CONSTRAINT pk_consents PRIMARY KEY (id), 
	CONSTRAINT ck_consents_how CHECK (how IN ('import', 'added', 'form', 'confirmed', 'changed', 'withdrawn'))
);
INSERT INTO "consents" VALUES(1,'','import readers.csv','2027-03-01 14:00:04.896486','import','on a list of readers that the organisation brought in','','');
INSERT INTO "consents" VALUES(2,'b39ed07073c630f4d6b8e05c16b1c493','','2027-03-01 14:01:02.057142','added','asked to be on the list','','Ada');
INSERT INTO "consents" VALUES(3,'36e794f60dec7bb33326b373a8a785e5','','2027-03-01 14:02:02.218966','withdrawn','erased from the list','','Ada');
INSERT INTO "consents" VALUES(4,'36e794f6dbf8d237fbb44daeff34df25','','2027-03-01 14:00:00.000000','withdrawn','left the list: list','','');
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
	audience TEXT DEFAULT '' NOT NULL, 
	opened_at DATETIME, 
	changed_at DATETIME NOT NULL, 
	CONSTRAINT pk_deliveries PRIMARY KEY (id), 
	CONSTRAINT ck_deliveries_mode CHECK (mode IN ('rehearsal', 'live')), 
	CONSTRAINT ck_deliveries_state CHECK (state IN ('scheduled', 'held', 'sending', 'sent', 'failed', 'unknown', 'missed', 'skipped', 'cancelled')), 
	CONSTRAINT uq_deliveries_mode_campaign_season_item_channel UNIQUE (mode, campaign, season, item, channel)
);
INSERT INTO "deliveries" VALUES(1,'rehearsal','reading-week',2027,'why-we-read','email','email','2027-03-08','2027-03-08 12:30:00.000000','2027-03-09 05:00:00.000000','sent','e2ab689bd32fc050acbabe3a82356b4ebea4452dfbddf2c41f1b24e7b997163c','live would have refused: the mode is "rehearsal"',4,'b39ed07073c630f4d6b8e05c16b1c493','','2027-03-08 15:05:06.571498','2027-03-08 15:05:06.984762');
INSERT INTO "deliveries" VALUES(2,'rehearsal','reading-week',2027,'why-we-read','x','post','2027-03-08','2027-03-08 17:00:00.000000','2027-03-09 05:00:00.000000','missed','','its window closed before it could go: nothing ran, or nothing could be sent, while it was open',0,'','',NULL,'2027-03-09 15:05:05.887313');
INSERT INTO "deliveries" VALUES(3,'rehearsal','reading-week',2027,'a-book-a-day','email','email','2027-03-09','2027-03-09 12:30:00.000000','2027-03-10 05:00:00.000000','sent','48c574de22482e82c6a811a51ce70c52004371fd8c2f8a90e805ad47842f7532','live would have refused: the mode is "rehearsal"',4,'b39ed07073c630f4d6b8e05c16b1c493','','2027-03-09 15:05:06.606333','2027-03-09 15:05:06.911721');
INSERT INTO "deliveries" VALUES(4,'rehearsal','reading-week',2027,'a-book-a-day','x','post','2027-03-09','2027-03-09 15:00:00.000000','2027-03-10 05:00:00.000000','sent','984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992','live would have refused: the mode is "rehearsal"',1,'','','2027-03-09 15:05:07.057959','2027-03-09 15:05:07.263643');
INSERT INTO "deliveries" VALUES(5,'rehearsal','reading-week',2027,'then-and-now','email','email','2027-03-10','2027-03-10 12:30:00.000000','2027-03-11 05:00:00.000000','sent','c5a71f87689e61381b3fb3078e421c65a126b626e7e079c64002f668626a1f92','live would have refused: the mode is "rehearsal"',4,'b39ed07073c630f4d6b8e05c16b1c493','','2027-03-10 15:05:07.070647','2027-03-10 15:05:07.890557');
INSERT INTO "deliveries" VALUES(6,'rehearsal','reading-week',2027,'then-and-now','x','post','2027-03-10','2027-03-10 15:00:00.000000','2027-03-11 05:00:00.000000','scheduled','','held by Ada since 2027-03-09 17:00 UTC: strike',0,'','',NULL,'2027-03-10 15:05:08.015133');
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
INSERT INTO "events" VALUES(1,'2027-03-01 14:01:02.057142','subscriber.added','Ada',NULL,'{"barred_before": "", "subscriber": "b39ed07073c630f4d6b8e05c16b1c493"}','0000000000000000000000000000000000000000000000000000000000000000','b1943d0cbf2f224ad769957a86e00a6ab1ff3b50195e521379e806978a8c9c9d');
INSERT INTO "events" VALUES(2,'2027-03-01 14:02:02.218966','subscriber.erased','Ada',NULL,'{"subscriber": "36e794f60dec7bb33326b373a8a785e5"}','b1943d0cbf2f224ad769957a86e00a6ab1ff3b50195e521379e806978a8c9c9d','c0216c31aef264330eebae702771e7c0d9bea9156e454790efc30822cafaaca4');
INSERT INTO "events" VALUES(3,'2027-03-01 14:00:00.000000','subscriber.left','reader',NULL,'{"subscriber": "36e794f6dbf8d237fbb44daeff34df25", "why": "list"}','c0216c31aef264330eebae702771e7c0d9bea9156e454790efc30822cafaaca4','5a45158649561766976f2a071ec0927d708fb68f092efafbc356ab18b3de41fe');
INSERT INTO "events" VALUES(4,'2027-03-01 14:05:04.674802','record.signed','Ada',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-2025"}','5a45158649561766976f2a071ec0927d708fb68f092efafbc356ab18b3de41fe','618ec8d9662fd1ad933fd6d7b8e2aea05df62a91cc3e09bce286a60153ed2c54');
INSERT INTO "events" VALUES(5,'2027-03-01 14:05:04.915429','record.signed','Ada',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-1990"}','618ec8d9662fd1ad933fd6d7b8e2aea05df62a91cc3e09bce286a60153ed2c54','48c6f6096c95e6ac2119d7bac74c8ef8d932093930cb89d25d894ae39658596e');
INSERT INTO "events" VALUES(6,'2027-03-01 14:06:03.926027','record.signed','Ada',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "contact", "subject_id": "desk-phone"}','48c6f6096c95e6ac2119d7bac74c8ef8d932093930cb89d25d894ae39658596e','bdd6c74c214a226eea70cd15e3e962c916aed0ca8b33b6be065eeb38b3857999');
INSERT INTO "events" VALUES(7,'2027-03-01 14:07:03.483593','record.signed','Grace',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-2025"}','bdd6c74c214a226eea70cd15e3e962c916aed0ca8b33b6be065eeb38b3857999','2500984d45556399a57d2bdca024ed6dd748bc11456e7e4df733b3c73c54b1e5');
INSERT INTO "events" VALUES(8,'2027-03-01 14:07:03.632622','record.signed','Grace',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-1990"}','2500984d45556399a57d2bdca024ed6dd748bc11456e7e4df733b3c73c54b1e5','983de11d1ef886704347a21f8abf62b13ae5cb3a4c39167ff1b19ff553e8c0aa');
INSERT INTO "events" VALUES(9,'2027-03-01 14:08:04.261811','record.signed','Grace',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "contact", "subject_id": "desk-phone"}','983de11d1ef886704347a21f8abf62b13ae5cb3a4c39167ff1b19ff553e8c0aa','28af84fc0ec7491d8e7ae969b1bb067465a0687104b6ce8af29963907e35472b');
INSERT INTO "events" VALUES(10,'2027-03-01 14:10:06.297490','comment.added','Grace',NULL,'{"campaign": "reading-week", "channel": "", "comment": 1, "item": "why-we-read", "role": "coordinator", "season": 2027}','28af84fc0ec7491d8e7ae969b1bb067465a0687104b6ce8af29963907e35472b','b71e5bfc744a307e4854251f26872723696531cee5f625643a3c4bf5f683e88d');
INSERT INTO "events" VALUES(11,'2027-03-01 14:11:06.655824','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "e2ab689bd32fc050acbabe3a82356b4ebea4452dfbddf2c41f1b24e7b997163c", "item": "why-we-read", "role": "coordinator", "season": 2027}','b71e5bfc744a307e4854251f26872723696531cee5f625643a3c4bf5f683e88d','76496f309555949388f30a41440088c9c4f42d164606d31ababfb6e8e40a5d75');
INSERT INTO "events" VALUES(12,'2027-03-01 14:11:06.870046','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490", "item": "why-we-read", "role": "coordinator", "season": 2027}','76496f309555949388f30a41440088c9c4f42d164606d31ababfb6e8e40a5d75','9eae5a7187f3034edc45a8328a4b2bab057161c4c603a00a2ed138427a15e6af');
INSERT INTO "events" VALUES(13,'2027-03-01 14:11:06.894007','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "48c574de22482e82c6a811a51ce70c52004371fd8c2f8a90e805ad47842f7532", "item": "a-book-a-day", "role": "coordinator", "season": 2027}','9eae5a7187f3034edc45a8328a4b2bab057161c4c603a00a2ed138427a15e6af','f62878601bdfcd74fdf69072aee6012c0939d6046930902140502f68ad2ce428');
INSERT INTO "events" VALUES(14,'2027-03-01 14:11:06.897928','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992", "item": "a-book-a-day", "role": "coordinator", "season": 2027}','f62878601bdfcd74fdf69072aee6012c0939d6046930902140502f68ad2ce428','4e556b98e8eba25615bd4880c144e28468ca6fb31fad6525d8f783e92b27a0d1');
INSERT INTO "events" VALUES(15,'2027-03-01 14:11:06.965130','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "c5a71f87689e61381b3fb3078e421c65a126b626e7e079c64002f668626a1f92", "item": "then-and-now", "role": "coordinator", "season": 2027}','4e556b98e8eba25615bd4880c144e28468ca6fb31fad6525d8f783e92b27a0d1','409a200d7c6099374f0034148e70c17eab6abb9732a90838e5312f04e04c52ab');
INSERT INTO "events" VALUES(16,'2027-03-01 14:11:06.992550','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "7ec9a632161a6e86aaa0caa79998789295740cb3d6b8d8824d7fd0679dc316aa", "item": "then-and-now", "role": "coordinator", "season": 2027}','409a200d7c6099374f0034148e70c17eab6abb9732a90838e5312f04e04c52ab','83822b6e2a029532dfb87f6464669d2f96be910200292fe7f29c669995957cd7');
INSERT INTO "events" VALUES(17,'2027-03-01 14:12:04.863964','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "e2ab689bd32fc050acbabe3a82356b4ebea4452dfbddf2c41f1b24e7b997163c", "item": "why-we-read", "role": "coordinator", "season": 2027}','83822b6e2a029532dfb87f6464669d2f96be910200292fe7f29c669995957cd7','1dd451cfb77311fb608191189df31b9759509e4e3d5b6d35b4082af52abf3faf');
INSERT INTO "events" VALUES(18,'2027-03-01 14:12:05.061691','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490", "item": "why-we-read", "role": "coordinator", "season": 2027}','1dd451cfb77311fb608191189df31b9759509e4e3d5b6d35b4082af52abf3faf','cb33ed1ec6777a79b59658a34d0648532368349821eda1f7a908ebfd39de04ec');
INSERT INTO "events" VALUES(19,'2027-03-01 14:12:05.101903','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "48c574de22482e82c6a811a51ce70c52004371fd8c2f8a90e805ad47842f7532", "item": "a-book-a-day", "role": "coordinator", "season": 2027}','cb33ed1ec6777a79b59658a34d0648532368349821eda1f7a908ebfd39de04ec','2c5423da731417be93b754373cdffc48b3452cf1dd9fa4e30e6c0daded2ffd29');
INSERT INTO "events" VALUES(20,'2027-03-01 14:12:05.146503','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992", "item": "a-book-a-day", "role": "coordinator", "season": 2027}','2c5423da731417be93b754373cdffc48b3452cf1dd9fa4e30e6c0daded2ffd29','1d4c26bbea9cf9dc92aa96d3a5766551e33d5697c4042243dee7e9589333a640');
INSERT INTO "events" VALUES(21,'2027-03-01 14:12:05.149883','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "c5a71f87689e61381b3fb3078e421c65a126b626e7e079c64002f668626a1f92", "item": "then-and-now", "role": "coordinator", "season": 2027}','1d4c26bbea9cf9dc92aa96d3a5766551e33d5697c4042243dee7e9589333a640','70c7e10ea64f168f1de8c8cacab6a27dce72b243317a68c21d0660a026ecceb2');
INSERT INTO "events" VALUES(22,'2027-03-01 14:12:05.159665','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "7ec9a632161a6e86aaa0caa79998789295740cb3d6b8d8824d7fd0679dc316aa", "item": "then-and-now", "role": "coordinator", "season": 2027}','70c7e10ea64f168f1de8c8cacab6a27dce72b243317a68c21d0660a026ecceb2','63c32d01523cdb4892109f044f35bdc6c2a433352cfeef5a5b2295045028121f');
INSERT INTO "events" VALUES(23,'2027-03-01 14:15:06.081780','season.armed','Ada',NULL,'{"campaign": "reading-week", "season": 2027}','63c32d01523cdb4892109f044f35bdc6c2a433352cfeef5a5b2295045028121f','ab938bc3f3fc67c022285fd4c4e2055a0c7dc120e7b70ec34d30a746624ee0cf');
INSERT INTO "events" VALUES(24,'2027-03-01 14:16:06.851427','delivery.planned','plan',1,'{"campaign": "reading-week", "channel": "email", "due_at": "2027-03-08T12:30:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "mode": "rehearsal", "season": 2027}','ab938bc3f3fc67c022285fd4c4e2055a0c7dc120e7b70ec34d30a746624ee0cf','e9d2c391da8ebe03a52ab8e372171b02c1c305c9cd997f4881ad5ce3c6df3bfe');
INSERT INTO "events" VALUES(25,'2027-03-01 14:16:06.851427','delivery.planned','plan',2,'{"campaign": "reading-week", "channel": "x", "due_at": "2027-03-08T17:00:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "mode": "rehearsal", "season": 2027}','e9d2c391da8ebe03a52ab8e372171b02c1c305c9cd997f4881ad5ce3c6df3bfe','a64bd13e6047184b8aff2d3c6f810641029a9e24e6e5ba218c16bb6171631154');
INSERT INTO "events" VALUES(26,'2027-03-01 14:16:06.851427','delivery.planned','plan',3,'{"campaign": "reading-week", "channel": "email", "due_at": "2027-03-09T12:30:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "mode": "rehearsal", "season": 2027}','a64bd13e6047184b8aff2d3c6f810641029a9e24e6e5ba218c16bb6171631154','07553d78e652b20c9e631e3a2904cc927dad8f9dd2381898b998b1991935ae2b');
INSERT INTO "events" VALUES(27,'2027-03-01 14:16:06.851427','delivery.planned','plan',4,'{"campaign": "reading-week", "channel": "x", "due_at": "2027-03-09T15:00:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "mode": "rehearsal", "season": 2027}','07553d78e652b20c9e631e3a2904cc927dad8f9dd2381898b998b1991935ae2b','3fedd413098413eb2f369c0c2047464500669135a0c8809ddeadfce73f8dd7f5');
INSERT INTO "events" VALUES(28,'2027-03-01 14:16:06.851427','delivery.planned','plan',5,'{"campaign": "reading-week", "channel": "email", "due_at": "2027-03-10T12:30:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "mode": "rehearsal", "season": 2027}','3fedd413098413eb2f369c0c2047464500669135a0c8809ddeadfce73f8dd7f5','0c7bc70408d65cdffddf737a0e60be8591cf731567cc1941cecd85063f4dbf2f');
INSERT INTO "events" VALUES(29,'2027-03-01 14:16:06.851427','delivery.planned','plan',6,'{"campaign": "reading-week", "channel": "x", "due_at": "2027-03-10T15:00:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "mode": "rehearsal", "season": 2027}','0c7bc70408d65cdffddf737a0e60be8591cf731567cc1941cecd85063f4dbf2f','550ce18f7e67c3636a2cd135cbbc7467b851b6b70b3fee9bc3f06b2cf194aa42');
INSERT INTO "events" VALUES(30,'2027-03-08 15:05:06.571498','delivery.opened','tick',1,'{"frozen": 4}','550ce18f7e67c3636a2cd135cbbc7467b851b6b70b3fee9bc3f06b2cf194aa42','8b963bce27b911f8b1db5c1a37a4862b80426330133e01c153cfc13a2d8c944a');
INSERT INTO "events" VALUES(31,'2027-03-08 15:05:06.863688','attempt.begun','tick',1,'{"attempt": 1, "batch": 1, "digest": "e2ab689bd32fc050acbabe3a82356b4ebea4452dfbddf2c41f1b24e7b997163c", "node": "old-host:26264", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 4, "token": "94e4ebdd0a77cd08bdb2aef74fb3d9a9"}','8b963bce27b911f8b1db5c1a37a4862b80426330133e01c153cfc13a2d8c944a','1dad4e2ff6ce50f355a5f488ce2cc0e21c36a96539a5a64f3318edf300353896');
INSERT INTO "events" VALUES(32,'2027-03-08 15:05:06.984762','attempt.accepted','tick',1,'{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-dcbf1aa5df94a10ba8467d5ec114a993-4245d6aee8", "retry_at": null, "status": null, "token": "94e4ebdd0a77cd08bdb2aef74fb3d9a9"}','1dad4e2ff6ce50f355a5f488ce2cc0e21c36a96539a5a64f3318edf300353896','384e8453f0ad9ee45d565c774b8845401550b6546476c52157f709450d1d5f22');
INSERT INTO "events" VALUES(33,'2027-03-09 15:05:05.887313','delivery.missed','tick',2,'{"channel": "x", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "why": "nothing ran, or nothing could be sent, while it was open"}','384e8453f0ad9ee45d565c774b8845401550b6546476c52157f709450d1d5f22','81363ff4809a12f931880c6e67187dfe3a1fa4afdbad9866d7e7f3bb7f829fb7');
INSERT INTO "events" VALUES(34,'2027-03-09 15:05:06.606333','delivery.opened','tick',3,'{"frozen": 4}','81363ff4809a12f931880c6e67187dfe3a1fa4afdbad9866d7e7f3bb7f829fb7','d1fcfc7ee8ec4a586b371117333dfe513db8ea20642885b0f416bdb50344da95');
INSERT INTO "events" VALUES(35,'2027-03-09 15:05:06.864294','attempt.begun','tick',3,'{"attempt": 1, "batch": 1, "digest": "48c574de22482e82c6a811a51ce70c52004371fd8c2f8a90e805ad47842f7532", "node": "old-host:26314", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 4, "token": "6fef3294ec943574370bf6e92e097b24"}','d1fcfc7ee8ec4a586b371117333dfe513db8ea20642885b0f416bdb50344da95','165aba893258b7984426a6a40043384a9edae6e0d3532300b680d07f380541d2');
INSERT INTO "events" VALUES(36,'2027-03-09 15:05:06.911721','attempt.accepted','tick',3,'{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-08c4b4690283c5a965d32d948e627271-d9f27ca50b", "retry_at": null, "status": null, "token": "6fef3294ec943574370bf6e92e097b24"}','165aba893258b7984426a6a40043384a9edae6e0d3532300b680d07f380541d2','96e10cd2047dc0da0a0e2e972d72da57d34f7908e96f1c8bd60e3937c0ebafe2');
INSERT INTO "events" VALUES(37,'2027-03-09 15:05:07.057959','delivery.opened','tick',4,'{"frozen": 1}','96e10cd2047dc0da0a0e2e972d72da57d34f7908e96f1c8bd60e3937c0ebafe2','8c492ebd60084245f928a5b64d67e6cc5591acce150c2aa7fd160dd563084a5c');
INSERT INTO "events" VALUES(38,'2027-03-09 15:05:07.149477','attempt.begun','tick',4,'{"attempt": 1, "batch": 1, "digest": "984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992", "node": "old-host:26314", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 0, "token": "49b86532304f6c5408da17d3503247ed"}','8c492ebd60084245f928a5b64d67e6cc5591acce150c2aa7fd160dd563084a5c','f3d76fb368318d0ce6058a27c567a994499bd81b7c036ae6fbd2d0a3a4f6b95f');
INSERT INTO "events" VALUES(39,'2027-03-09 15:05:07.263643','attempt.accepted','tick',4,'{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-text-c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5-68a654e99d", "retry_at": null, "status": null, "token": "49b86532304f6c5408da17d3503247ed"}','f3d76fb368318d0ce6058a27c567a994499bd81b7c036ae6fbd2d0a3a4f6b95f','3f72afd8cf0a3863f69ba9d06238fdc0c9d8419d9127e5640753abe6328ca100');
INSERT INTO "events" VALUES(40,'2027-03-09 17:00:02.464175','hold.set','Ada',NULL,'{"channel": "x", "why": "strike"}','3f72afd8cf0a3863f69ba9d06238fdc0c9d8419d9127e5640753abe6328ca100','cddddad589a5cacc273f9e3c5a8310e2e2646ed76b399032f4cfa840cd855272');
INSERT INTO "events" VALUES(41,'2027-03-10 15:05:07.070647','delivery.opened','tick',5,'{"frozen": 4}','cddddad589a5cacc273f9e3c5a8310e2e2646ed76b399032f4cfa840cd855272','3462253e26e4799c4560822d12ac829771175e9e857fc141efb07e263abba172');
INSERT INTO "events" VALUES(42,'2027-03-10 15:05:07.679695','attempt.begun','tick',5,'{"attempt": 1, "batch": 1, "digest": "c5a71f87689e61381b3fb3078e421c65a126b626e7e079c64002f668626a1f92", "node": "old-host:26402", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 4, "token": "aeced411f40045f9dbcf6e2889c8d84f"}','3462253e26e4799c4560822d12ac829771175e9e857fc141efb07e263abba172','6fd1543221c8eed27dc7f5b1310d7b2f2694d21300e9cbf29a67a465e83be67e');
INSERT INTO "events" VALUES(43,'2027-03-10 15:05:07.890557','attempt.accepted','tick',5,'{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-bf6e63ed37c7df05da8a5e3b83272e51-7ef74a0ca7", "retry_at": null, "status": null, "token": "aeced411f40045f9dbcf6e2889c8d84f"}','6fd1543221c8eed27dc7f5b1310d7b2f2694d21300e9cbf29a67a465e83be67e','2db02c438b422554be84aeaa9081ac3eee689be527194608d3e7562789cfbf92');
INSERT INTO "events" VALUES(44,'2027-03-10 15:05:08.015133','delivery.waits','tick',6,'{"why": "held by Ada since 2027-03-09 17:00 UTC: strike"}','2db02c438b422554be84aeaa9081ac3eee689be527194608d3e7562789cfbf92','4c1b9b2497150c99ee5d76b8cb4213c7ce53568bbdc7234ad3e39a5b985195fc');
CREATE TABLE hashed_suppressions (
	address_hash VARCHAR(64) NOT NULL, 
	subscriber_id VARCHAR(64) DEFAULT '' NOT NULL, 
	reason VARCHAR(32) NOT NULL, 
	source TEXT DEFAULT '' NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_hashed_suppressions PRIMARY KEY (address_hash)
)
 WITHOUT ROWID

;
INSERT INTO "hashed_suppressions" VALUES('655939ca3b28e2790e876c2f8094b236bcaa5d687b0a63549bcc1724d7bbb202','36e794f60dec7bb33326b373a8a785e5','erased','erased','2027-03-01 14:02:02.218966');
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
INSERT INTO "holds" VALUES(1,'x','Ada','strike','2027-03-09 17:00:02.464175','',NULL);
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
INSERT INTO "ledger" VALUES(1,'830523a678593174a32da08a93805043',44,'4c1b9b2497150c99ee5d76b8cb4213c7ce53568bbdc7234ad3e39a5b985195fc',NULL);
CREATE TABLE messages (
	digest VARCHAR(64) NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT pk_messages PRIMARY KEY (digest)
);
INSERT INTO "messages" VALUES('e2ab689bd32fc050acbabe3a82356b4ebea4452dfbddf2c41f1b24e7b997163c','{"audience": "", "body": {"from_address": "news@example.org", "from_name": "Example Coalition", "headers": {"Auto-Submitted": "auto-generated", "List-Id": "Reading Week <reading-week.news.example.org>"}, "html": "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Why we read</title>\n<style>@media (prefers-color-scheme:dark){.page{background-color:#12171e!important}.card{background-color:#1b222c!important}.card,.h1,.h2,.h3,.quote,.help,.help_title,.digits,.digits_small,.help_line,.part,.part_now{color:#e8edf3!important}.lead,.eyebrow,.attribution,.small,.foot,.help_hours{color:#a5b0bd!important}.link{color:#8db8f2!important}.blockquote,.action{border-color:#8db8f2!important}.note{border-color:#7d8896!important}.hr,.part{border-color:#3a4553!important}.help,.part_now{background-color:#12171e!important;border-color:#8db8f2!important}.button{background-color:#8db8f2!important}.button_link{color:#12171e!important}}@media (max-width:480px){.outer{padding:0 0 24px!important}.band,.card{padding-left:16px!important;padding-right:16px!important;border-radius:0!important}.help{padding:16px 16px 0!important}}</style>\n</head>\n<body class=\"page\" style=\"margin:0;padding:0;background-color:#eaf1fb;-webkit-text-size-adjust:100%;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"outer\" align=\"center\" style=\"padding:8px 8px 32px\">\n<table role=\"presentation\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"width:100%;max-width:600px;border-collapse:separate;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<tr><td class=\"lead\" align=\"left\" style=\"padding:8px 16px;font-size:14px;line-height:1.5;color:#56616f\">Five days, five short letters</td></tr>\n<tr><td class=\"band\" align=\"left\" style=\"padding:16px 24px;background-color:#1f4e8c;color:#ffffff;border-radius:6px 6px 0 0\">\n<p style=\"margin:0;font-size:18px;line-height:1.3;font-weight:bold;color:#ffffff\">Reading Week</p>\n<p style=\"margin:4px 0 0;font-size:15px;line-height:1.4;color:#ffffff\">Day 1 of 3, Monday 8 March 2027</p>\n</td></tr>\n<tr><td class=\"card\" align=\"left\" style=\"padding:24px 24px 8px;background-color:#ffffff;color:#1b2430;border-radius:0 0 6px 6px;overflow-wrap:break-word;word-break:break-word\">\n<h1 class=\"h1\" style=\"margin:0 0 16px;font-size:26px;line-height:1.25;font-weight:bold;color:#1b2430\">Why we read</h1>\n<p style=\"margin:0 0 16px\">Good morning.</p>\n<p style=\"margin:0 0 16px\">the town library had 4,100 members at the end of 2025, says the Annual Report 2025.</p>\n<p class=\"small\" style=\"margin:0 0 8px;font-size:14px;line-height:1.5;color:#56616f\">\nFigures: 4,100, as of December 2025. Source: <a class=\"link\" href=\"https://library.example/report-2025\" style=\"color:#1f4e8c;text-decoration:underline\">Annual Report 2025</a>, Town Library, February 2026.\n</p>\n<div style=\"height:12px;line-height:12px;font-size:1px\">&nbsp;</div>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"help\" style=\"padding:20px 20px 4px;background-color:#eaf1fb;color:#1b2430;border:2px solid #1f4e8c;border-radius:6px\">\n<h2 class=\"help_title\" style=\"margin:0 0 12px;font-size:20px;line-height:1.3;font-weight:bold;color:#1b2430\">Help</h2>\n<p class=\"digits\" style=\"margin:0;font-size:28px;line-height:1.3;font-weight:bold;color:#1b2430\"><a class=\"link\" href=\"tel:+15550100199\" style=\"color:#1f4e8c;text-decoration:underline\">1-555-010-0199</a></p>\n<p class=\"help_line\" style=\"margin:0;font-size:15px;line-height:1.45;color:#1b2430\">\n<strong>Library desk.</strong> Questions about books, cards and events.\n</p>\n<p class=\"help_hours\" style=\"margin:0 0 16px;font-size:14px;line-height:1.5;color:#56616f\">\nMonday to Friday, 9 to 17. English.\n</p>\n</td>\n</tr></table>\n<div style=\"height:20px;line-height:20px;font-size:1px\">&nbsp;</div>\n</td></tr>\n<tr><td class=\"foot\" align=\"left\" style=\"padding:20px 16px 0;font-size:14px;line-height:1.5;color:#56616f\">\n<p style=\"margin:0 0 16px\">You get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.</p>\n<p style=\"margin:0 0 16px\"><a class=\"link\" href=\"%unsubscribe_url%\" style=\"color:#1f4e8c;text-decoration:underline\">Get fewer of these emails, or stop them</a>.</p>\n<p style=\"margin:0 0 16px\">If someone checks this inbox, use a safer device to read about this or to look for help.</p>\n<p style=\"margin:0 0 16px\">A reply reaches Example Coalition. It is not a help line and may be read late; use the numbers above for help.</p>\n<p style=\"margin:0 0 16px\">Example Coalition<br>1 Example Street, Example Town, EX 00000</p>\n</td></tr>\n</table>\n</td>\n</tr></table>\n</body>\n</html>\n", "list_id": "Reading Week <reading-week.news.example.org>", "parts": [], "preheader": "Five days, five short letters", "reply_to": "hello@example.org", "subject": "Why we read", "text": "Five days, five short letters\n\nReading Week\nDay 1 of 3, Monday 8 March 2027\n\nWhy we read\n===========\n\nGood morning.\n\nthe town library had 4,100 members at the end of 2025, says the Annual\nReport 2025.\n\nFigures: 4,100, as of December 2025. Source: Annual Report 2025, Town\nLibrary, February 2026.\nhttps://library.example/report-2025\n\nHelp\n----\n\n1-555-010-0199\n  Library desk. Questions about books, cards and events. Monday to\n  Friday, 9 to 17. English.\n\n------------------------------------------------------------------------\n\nYou get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.\n\nGet fewer of these emails, or stop them:\n%unsubscribe_url%\n\nIf someone checks this inbox, use a safer device to read about this or\nto look for help.\n\nA reply reaches Example Coalition. It is not a help line and may be read\nlate; use the numbers above for help.\n\nExample Coalition\n1 Example Street, Example Town, EX 00000\n", "tokens": ["%unsubscribe_url%"], "type": "EmailBody"}, "campaign": "reading-week", "channel": "email", "claims": ["members-2025"], "contacts": ["desk-phone"], "due_at": "2027-03-08T12:30:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "kind": "fact", "links": ["https://library.example/report-2025"], "on": "2027-03-08", "quotations": [], "rests_on": {"claim:members-2025": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
INSERT INTO "messages" VALUES('a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490','{"audience": "", "body": {"alt_text": "", "characters": 75, "contains_url": false, "limit": 280, "text": "4,100 of us have a library card.\n\nLibrary desk: 1-555-010-0199\n#ReadingWeek", "type": "PostBody"}, "campaign": "reading-week", "channel": "x", "claims": ["members-2025"], "contacts": ["desk-phone"], "due_at": "2027-03-08T17:00:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "kind": "fact", "links": [], "on": "2027-03-08", "quotations": [], "rests_on": {"claim:members-2025": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
INSERT INTO "messages" VALUES('48c574de22482e82c6a811a51ce70c52004371fd8c2f8a90e805ad47842f7532','{"audience": "", "body": {"from_address": "news@example.org", "from_name": "Example Coalition", "headers": {"Auto-Submitted": "auto-generated", "List-Id": "Reading Week <reading-week.news.example.org>"}, "html": "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Ten minutes a day</title>\n<style>@media (prefers-color-scheme:dark){.page{background-color:#12171e!important}.card{background-color:#1b222c!important}.card,.h1,.h2,.h3,.quote,.help,.help_title,.digits,.digits_small,.help_line,.part,.part_now{color:#e8edf3!important}.lead,.eyebrow,.attribution,.small,.foot,.help_hours{color:#a5b0bd!important}.link{color:#8db8f2!important}.blockquote,.action{border-color:#8db8f2!important}.note{border-color:#7d8896!important}.hr,.part{border-color:#3a4553!important}.help,.part_now{background-color:#12171e!important;border-color:#8db8f2!important}.button{background-color:#8db8f2!important}.button_link{color:#12171e!important}}@media (max-width:480px){.outer{padding:0 0 24px!important}.band,.card{padding-left:16px!important;padding-right:16px!important;border-radius:0!important}.help{padding:16px 16px 0!important}}</style>\n</head>\n<body class=\"page\" style=\"margin:0;padding:0;background-color:#eaf1fb;-webkit-text-size-adjust:100%;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"outer\" align=\"center\" style=\"padding:8px 8px 32px\">\n<table role=\"presentation\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"width:100%;max-width:600px;border-collapse:separate;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<tr><td class=\"band\" align=\"left\" style=\"padding:16px 24px;background-color:#1f4e8c;color:#ffffff;border-radius:6px 6px 0 0\">\n<p style=\"margin:0;font-size:18px;line-height:1.3;font-weight:bold;color:#ffffff\">Reading Week</p>\n<p style=\"margin:4px 0 0;font-size:15px;line-height:1.4;color:#ffffff\">Day 2 of 3, Tuesday 9 March 2027</p>\n</td></tr>\n<tr><td class=\"card\" align=\"left\" style=\"padding:24px 24px 8px;background-color:#ffffff;color:#1b2430;border-radius:0 0 6px 6px;overflow-wrap:break-word;word-break:break-word\">\n<h1 class=\"h1\" style=\"margin:0 0 16px;font-size:26px;line-height:1.25;font-weight:bold;color:#1b2430\">Ten minutes a day</h1>\n<p style=\"margin:0 0 16px\">Ten minutes a day are a book a month.</p>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"help\" style=\"padding:20px 20px 4px;background-color:#eaf1fb;color:#1b2430;border:2px solid #1f4e8c;border-radius:6px\">\n<h2 class=\"help_title\" style=\"margin:0 0 12px;font-size:20px;line-height:1.3;font-weight:bold;color:#1b2430\">Help</h2>\n<p class=\"digits\" style=\"margin:0;font-size:28px;line-height:1.3;font-weight:bold;color:#1b2430\"><a class=\"link\" href=\"tel:+15550100199\" style=\"color:#1f4e8c;text-decoration:underline\">1-555-010-0199</a></p>\n<p class=\"help_line\" style=\"margin:0;font-size:15px;line-height:1.45;color:#1b2430\">\n<strong>Library desk.</strong> Questions about books, cards and events.\n</p>\n<p class=\"help_hours\" style=\"margin:0 0 16px;font-size:14px;line-height:1.5;color:#56616f\">\nMonday to Friday, 9 to 17. English.\n</p>\n</td>\n</tr></table>\n<div style=\"height:20px;line-height:20px;font-size:1px\">&nbsp;</div>\n</td></tr>\n<tr><td class=\"foot\" align=\"left\" style=\"padding:20px 16px 0;font-size:14px;line-height:1.5;color:#56616f\">\n<p style=\"margin:0 0 16px\">You get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.</p>\n<p style=\"margin:0 0 16px\"><a class=\"link\" href=\"%unsubscribe_url%\" style=\"color:#1f4e8c;text-decoration:underline\">Get fewer of these emails, or stop them</a>.</p>\n<p style=\"margin:0 0 16px\">If someone checks this inbox, use a safer device to read about this or to look for help.</p>\n<p style=\"margin:0 0 16px\">A reply reaches Example Coalition. It is not a help line and may be read late; use the numbers above for help.</p>\n<p style=\"margin:0 0 16px\">Example Coalition<br>1 Example Street, Example Town, EX 00000</p>\n</td></tr>\n</table>\n</td>\n</tr></table>\n</body>\n</html>\n", "list_id": "Reading Week <reading-week.news.example.org>", "parts": [], "preheader": "", "reply_to": "hello@example.org", "subject": "Ten minutes a day", "text": "Reading Week\nDay 2 of 3, Tuesday 9 March 2027\n\nTen minutes a day\n=================\n\nTen minutes a day are a book a month.\n\nHelp\n----\n\n1-555-010-0199\n  Library desk. Questions about books, cards and events. Monday to\n  Friday, 9 to 17. English.\n\n------------------------------------------------------------------------\n\nYou get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.\n\nGet fewer of these emails, or stop them:\n%unsubscribe_url%\n\nIf someone checks this inbox, use a safer device to read about this or\nto look for help.\n\nA reply reaches Example Coalition. It is not a help line and may be read\nlate; use the numbers above for help.\n\nExample Coalition\n1 Example Street, Example Town, EX 00000\n", "tokens": ["%unsubscribe_url%"], "type": "EmailBody"}, "campaign": "reading-week", "channel": "email", "claims": [], "contacts": ["desk-phone"], "due_at": "2027-03-09T12:30:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "kind": "action", "links": [], "on": "2027-03-09", "quotations": [], "rests_on": {"contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
INSERT INTO "messages" VALUES('984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992','{"audience": "", "body": {"alt_text": "", "characters": 67, "contains_url": false, "limit": 280, "text": "Ten minutes a day are a book a month.\n\nLibrary desk: 1-555-010-0199", "type": "PostBody"}, "campaign": "reading-week", "channel": "x", "claims": [], "contacts": ["desk-phone"], "due_at": "2027-03-09T15:00:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "kind": "action", "links": [], "on": "2027-03-09", "quotations": [], "rests_on": {"contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
INSERT INTO "messages" VALUES('c5a71f87689e61381b3fb3078e421c65a126b626e7e079c64002f668626a1f92','{"audience": "", "body": {"from_address": "news@example.org", "from_name": "Example Coalition", "headers": {"Auto-Submitted": "auto-generated", "List-Id": "Reading Week <reading-week.news.example.org>"}, "html": "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>How many readers? Then and now</title>\n<style>@media (prefers-color-scheme:dark){.page{background-color:#12171e!important}.card{background-color:#1b222c!important}.card,.h1,.h2,.h3,.quote,.help,.help_title,.digits,.digits_small,.help_line,.part,.part_now{color:#e8edf3!important}.lead,.eyebrow,.attribution,.small,.foot,.help_hours{color:#a5b0bd!important}.link{color:#8db8f2!important}.blockquote,.action{border-color:#8db8f2!important}.note{border-color:#7d8896!important}.hr,.part{border-color:#3a4553!important}.help,.part_now{background-color:#12171e!important;border-color:#8db8f2!important}.button{background-color:#8db8f2!important}.button_link{color:#12171e!important}}@media (max-width:480px){.outer{padding:0 0 24px!important}.band,.card{padding-left:16px!important;padding-right:16px!important;border-radius:0!important}.help{padding:16px 16px 0!important}}</style>\n</head>\n<body class=\"page\" style=\"margin:0;padding:0;background-color:#eaf1fb;-webkit-text-size-adjust:100%;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"outer\" align=\"center\" style=\"padding:8px 8px 32px\">\n<table role=\"presentation\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"width:100%;max-width:600px;border-collapse:separate;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<tr><td class=\"band\" align=\"left\" style=\"padding:16px 24px;background-color:#1f4e8c;color:#ffffff;border-radius:6px 6px 0 0\">\n<p style=\"margin:0;font-size:18px;line-height:1.3;font-weight:bold;color:#ffffff\">Reading Week</p>\n<p style=\"margin:4px 0 0;font-size:15px;line-height:1.4;color:#ffffff\">Day 3 of 3, Wednesday 10 March 2027</p>\n</td></tr>\n<tr><td class=\"card\" align=\"left\" style=\"padding:24px 24px 8px;background-color:#ffffff;color:#1b2430;border-radius:0 0 6px 6px;overflow-wrap:break-word;word-break:break-word\">\n<p class=\"eyebrow\" style=\"margin:0 0 4px;font-size:14px;line-height:1.5;color:#56616f\">Town Reading Day</p>\n<h1 class=\"h1\" style=\"margin:0 0 16px;font-size:26px;line-height:1.25;font-weight:bold;color:#1b2430\">How many readers? Then and now</h1>\n<p style=\"margin:0 0 16px\">In 1990: 900. Now: 4,100.</p>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"part\" style=\"padding:16px 16px 4px;border:1px solid #d5dbe3;border-radius:6px;color:#1b2430\">\n<h2 class=\"label\" style=\"margin:0 0 8px;font-size:17px;line-height:1.3;font-weight:bold\">Then</h2>\n<p style=\"margin:0 0 4px\">&ldquo;The town has 900 members today, and room for each one of them.&rdquo;</p>\n<p class=\"attribution\" style=\"margin:0 0 12px;font-size:14px;line-height:1.5;color:#56616f\">The founders, founding letter, 1990</p>\n</td>\n</tr></table>\n<div style=\"height:12px;line-height:12px;font-size:1px\">&nbsp;</div>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"part_now\" style=\"padding:16px 16px 4px;border:1px solid #1f4e8c;border-radius:6px;color:#1b2430;background-color:#eaf1fb\">\n<h2 class=\"label\" style=\"margin:0 0 8px;font-size:17px;line-height:1.3;font-weight:bold\">Now</h2>\n<p style=\"margin:0 0 4px\">the town library had 4,100 members at the end of 2025.</p>\n<p class=\"attribution\" style=\"margin:0 0 12px;font-size:14px;line-height:1.5;color:#56616f\">\nSource: <a class=\"link\" href=\"https://library.example/report-2025\" style=\"color:#1f4e8c;text-decoration:underline\">Annual Report 2025</a>, Town Library, February 2026.\n</p>\n</td>\n</tr></table>\n<div style=\"height:20px;line-height:20px;font-size:1px\">&nbsp;</div>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"help\" style=\"padding:20px 20px 4px;background-color:#eaf1fb;color:#1b2430;border:2px solid #1f4e8c;border-radius:6px\">\n<h2 class=\"help_title\" style=\"margin:0 0 12px;font-size:20px;line-height:1.3;font-weight:bold;color:#1b2430\">Help</h2>\n<p class=\"digits\" style=\"margin:0;font-size:28px;line-height:1.3;font-weight:bold;color:#1b2430\"><a class=\"link\" href=\"tel:+15550100199\" style=\"color:#1f4e8c;text-decoration:underline\">1-555-010-0199</a></p>\n<p class=\"help_line\" style=\"margin:0;font-size:15px;line-height:1.45;color:#1b2430\">\n<strong>Library desk.</strong> Questions about books, cards and events.\n</p>\n<p class=\"help_hours\" style=\"margin:0 0 16px;font-size:14px;line-height:1.5;color:#56616f\">\nMonday to Friday, 9 to 17. English.\n</p>\n</td>\n</tr></table>\n<div style=\"height:20px;line-height:20px;font-size:1px\">&nbsp;</div>\n</td></tr>\n<tr><td class=\"foot\" align=\"left\" style=\"padding:20px 16px 0;font-size:14px;line-height:1.5;color:#56616f\">\n<p style=\"margin:0 0 16px\">You get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.</p>\n<p style=\"margin:0 0 16px\"><a class=\"link\" href=\"%unsubscribe_url%\" style=\"color:#1f4e8c;text-decoration:underline\">Get fewer of these emails, or stop them</a>.</p>\n<p style=\"margin:0 0 16px\">If someone checks this inbox, use a safer device to read about this or to look for help.</p>\n<p style=\"margin:0 0 16px\">A reply reaches Example Coalition. It is not a help line and may be read late; use the numbers above for help.</p>\n<p style=\"margin:0 0 16px\">Example Coalition<br>1 Example Street, Example Town, EX 00000</p>\n</td></tr>\n</table>\n</td>\n</tr></table>\n</body>\n</html>\n", "list_id": "Reading Week <reading-week.news.example.org>", "parts": [], "preheader": "", "reply_to": "hello@example.org", "subject": "How many readers? Then and now", "text": "Reading Week\nDay 3 of 3, Wednesday 10 March 2027\n\nTown Reading Day\n\nHow many readers? Then and now\n==============================\n\nIn 1990: 900. Now: 4,100.\n\nThen\n----\n\n“The town has 900 members today, and room for each one of them.”\nThe founders, founding letter, 1990\n\nNow\n---\n\nthe town library had 4,100 members at the end of 2025.\nSource: Annual Report 2025, Town Library, February 2026.\nhttps://library.example/report-2025\n\nHelp\n----\n\n1-555-010-0199\n  Library desk. Questions about books, cards and events. Monday to\n  Friday, 9 to 17. English.\n\n------------------------------------------------------------------------\n\nYou get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.\n\nGet fewer of these emails, or stop them:\n%unsubscribe_url%\n\nIf someone checks this inbox, use a safer device to read about this or\nto look for help.\n\nA reply reaches Example Coalition. It is not a help line and may be read\nlate; use the numbers above for help.\n\nExample Coalition\n1 Example Street, Example Town, EX 00000\n", "tokens": ["%unsubscribe_url%"], "type": "EmailBody"}, "campaign": "reading-week", "channel": "email", "claims": ["members-1990", "members-2025"], "contacts": ["desk-phone"], "due_at": "2027-03-10T12:30:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "kind": "then-now", "links": ["https://library.example/report-2025"], "on": "2027-03-10", "quotations": ["founding-letter#L2"], "rests_on": {"claim:members-1990": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "claim:members-2025": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de", "source:founding-letter": "a86bbacd2670de2fa7b55a69d3ea9bcd55748b01af676e965fe7c773438dae6b"}, "season": 2027}');
INSERT INTO "messages" VALUES('7ec9a632161a6e86aaa0caa79998789295740cb3d6b8d8824d7fd0679dc316aa','{"audience": "", "body": {"alt_text": "", "characters": 61, "contains_url": false, "limit": 280, "text": "900 readers in 1990, 4,100 now.\n\nLibrary desk: 1-555-010-0199", "type": "PostBody"}, "campaign": "reading-week", "channel": "x", "claims": ["members-1990", "members-2025"], "contacts": ["desk-phone"], "due_at": "2027-03-10T15:00:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "kind": "then-now", "links": [], "on": "2027-03-10", "quotations": [], "rests_on": {"claim:members-1990": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "claim:members-2025": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
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
INSERT INTO "recipients" VALUES(1,'36e794f66535192c48bd88100ed4fa1b',1,NULL,NULL);
INSERT INTO "recipients" VALUES(1,'36e794f672ef9e1fb97003430b7ac0c9',1,NULL,NULL);
INSERT INTO "recipients" VALUES(1,'36e794f6e40a8f9ba0f1e255339e0f80',1,NULL,NULL);
INSERT INTO "recipients" VALUES(1,'b39ed07073c630f4d6b8e05c16b1c493',1,NULL,NULL);
INSERT INTO "recipients" VALUES(3,'36e794f66535192c48bd88100ed4fa1b',1,NULL,NULL);
INSERT INTO "recipients" VALUES(3,'36e794f672ef9e1fb97003430b7ac0c9',1,NULL,NULL);
INSERT INTO "recipients" VALUES(3,'36e794f6e40a8f9ba0f1e255339e0f80',1,NULL,NULL);
INSERT INTO "recipients" VALUES(3,'b39ed07073c630f4d6b8e05c16b1c493',1,NULL,NULL);
INSERT INTO "recipients" VALUES(5,'36e794f66535192c48bd88100ed4fa1b',1,NULL,NULL);
INSERT INTO "recipients" VALUES(5,'36e794f672ef9e1fb97003430b7ac0c9',1,NULL,NULL);
INSERT INTO "recipients" VALUES(5,'36e794f6e40a8f9ba0f1e255339e0f80',1,NULL,NULL);
INSERT INTO "recipients" VALUES(5,'b39ed07073c630f4d6b8e05c16b1c493',1,NULL,NULL);
CREATE TABLE sign_ups (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	address_hash VARCHAR(64) NOT NULL, 
	network_hash VARCHAR(64) DEFAULT '' NOT NULL, 
	CONSTRAINT pk_sign_ups PRIMARY KEY (id)
);
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
	cadence VARCHAR(16) NOT NULL, 
	cadence_since_at DATETIME NOT NULL, 
	paused_until_at DATETIME, 
	asked_for_more_at DATETIME, 
	CONSTRAINT pk_subscribers PRIMARY KEY (id), 
	CONSTRAINT ck_subscribers_cadence CHECK (cadence IN ('daily', 'digest', 'key-days')), 
	CONSTRAINT ck_subscribers_state CHECK (state IN ('pending', 'active', 'paused', 'left', 'bounced', 'complained', 'erased')), 
	CONSTRAINT uq_subscribers_address_key UNIQUE (address_key)
);
INSERT INTO "subscribers" VALUES('36e794f66535192c48bd88100ed4fa1b','ann@example.org','ann@example.org','Ann','','active','import readers.csv','2027-03-01 14:00:04.896486','daily','2027-03-01 14:00:04.896486',NULL,NULL);
INSERT INTO "subscribers" VALUES('36e794f6e40a8f9ba0f1e255339e0f80','ben@example.org','ben@example.org','Ben','America/Chicago','active','import readers.csv','2027-03-01 14:00:04.896486','daily','2027-03-01 14:00:04.896486',NULL,NULL);
INSERT INTO "subscribers" VALUES('36e794f672ef9e1fb97003430b7ac0c9','cleo@example.org','cleo@example.org','','','active','import readers.csv','2027-03-01 14:00:04.896486','daily','2027-03-01 14:00:04.896486',NULL,NULL);
INSERT INTO "subscribers" VALUES('36e794f6dbf8d237fbb44daeff34df25','dan@example.org','dan@example.org','Dan','','left','import readers.csv','2027-03-01 14:00:04.896486','daily','2027-03-01 14:00:04.896486',NULL,NULL);
INSERT INTO "subscribers" VALUES('36e794f60dec7bb33326b373a8a785e5','','erased:36e794f60dec7bb33326b373a8a785e5','','','erased','','2027-03-01 14:00:04.896486','daily','2027-03-01 14:00:04.896486',NULL,NULL);
INSERT INTO "subscribers" VALUES('b39ed07073c630f4d6b8e05c16b1c493','fay@example.org','fay@example.org','','','active','added by Ada','2027-03-01 14:01:02.057142','daily','2027-03-01 14:01:02.057142',NULL,NULL);
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
INSERT INTO "suppressions" VALUES('dan@example.org','36e794f6dbf8d237fbb44daeff34df25','list','','2027-03-01 14:00:00.000000');
CREATE INDEX ix_approvals_campaign_season_item_channel ON approvals (campaign, season, item, channel);
CREATE INDEX ix_armings_campaign_season ON armings (campaign, season);
CREATE INDEX ix_deliveries_mode_state_due_at ON deliveries (mode, state, due_at);
CREATE INDEX ix_events_delivery_id ON events (delivery_id);
CREATE INDEX ix_receipts_received_at ON receipts (received_at);
CREATE INDEX ix_consents_subscriber_id ON consents (subscriber_id);
CREATE INDEX ix_sign_ups_at ON sign_ups (at);
CREATE INDEX ix_sign_ups_address_hash ON sign_ups (address_hash);
CREATE INDEX ix_sign_ups_network_hash ON sign_ups (network_hash);
CREATE INDEX ix_comments_campaign_season_item ON comments (campaign, season, item);
CREATE INDEX ix_change_requests_campaign_season_item_channel ON change_requests (campaign, season, item, channel);
CREATE INDEX ix_invitations_campaign_season ON invitations (campaign, season);
CREATE INDEX ix_batches_state ON batches (state);
CREATE INDEX ix_batches_send_id ON batches (send_id);
CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
CREATE TRIGGER consents_no_update BEFORE UPDATE ON consents BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
CREATE TRIGGER consents_no_delete BEFORE DELETE ON consents BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
COMMIT;
