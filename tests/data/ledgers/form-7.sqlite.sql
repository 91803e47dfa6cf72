BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE api_keys (
	id INTEGER NOT NULL, 
	name VARCHAR(64) NOT NULL, 
	scope VARCHAR(16) NOT NULL, 
	person VARCHAR(200) NOT NULL, 
	role VARCHAR(100) DEFAULT '' NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	made_by VARCHAR(200) NOT NULL, 
	made_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	last_used_on DATE, 
	revoked_at DATETIME, 
	revoked_by VARCHAR(200) DEFAULT '' NOT NULL, 
	CONSTRAINT pk_api_keys PRIMARY KEY (id), 
	CONSTRAINT ck_api_keys_scope CHECK (scope IN ('read', 'review', 'operate')), 
	CONSTRAINT uq_api_keys_name UNIQUE (name), 
	CONSTRAINT uq_api_keys_token_hash UNIQUE (token_hash)
);
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
INSERT INTO "approvals" VALUES(1,'reading-week',2027,'why-we-read','email','d0922498f415af54a75b2468429dff1a5399b0619b592cde1ff1634cdd0367b5','Grace','coordinator','','2027-03-01 14:11:02.678598',NULL,'');
INSERT INTO "approvals" VALUES(2,'reading-week',2027,'why-we-read','x','a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490','Grace','coordinator','','2027-03-01 14:11:02.756124',NULL,'');
INSERT INTO "approvals" VALUES(3,'reading-week',2027,'a-book-a-day','email','a6f5c4ec633a190c3e84ad6aba53235502a35757f41e47a63237c66a22755b07','Grace','coordinator','','2027-03-01 14:11:02.768044',NULL,'');
INSERT INTO "approvals" VALUES(4,'reading-week',2027,'a-book-a-day','x','984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992','Grace','coordinator','','2027-03-01 14:11:02.772493',NULL,'');
INSERT INTO "approvals" VALUES(5,'reading-week',2027,'then-and-now','email','a6ac361e7b0d21cc0f0cca17b74d8dbf6846d9183ac2159dc44d766eb59f7911','Grace','coordinator','','2027-03-01 14:11:02.776692',NULL,'');
INSERT INTO "approvals" VALUES(6,'reading-week',2027,'then-and-now','x','7ec9a632161a6e86aaa0caa79998789295740cb3d6b8d8824d7fd0679dc316aa','Grace','coordinator','','2027-03-01 14:11:02.780596',NULL,'');
INSERT INTO "approvals" VALUES(7,'reading-week',2027,'why-we-read','email','d0922498f415af54a75b2468429dff1a5399b0619b592cde1ff1634cdd0367b5','Ada','coordinator','','2027-03-01 14:12:02.099027',NULL,'');
INSERT INTO "approvals" VALUES(8,'reading-week',2027,'why-we-read','x','a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490','Ada','coordinator','','2027-03-01 14:12:02.135471',NULL,'');
INSERT INTO "approvals" VALUES(9,'reading-week',2027,'a-book-a-day','email','a6f5c4ec633a190c3e84ad6aba53235502a35757f41e47a63237c66a22755b07','Ada','coordinator','','2027-03-01 14:12:02.146342',NULL,'');
INSERT INTO "approvals" VALUES(10,'reading-week',2027,'a-book-a-day','x','984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992','Ada','coordinator','','2027-03-01 14:12:02.154625',NULL,'');
INSERT INTO "approvals" VALUES(11,'reading-week',2027,'then-and-now','email','a6ac361e7b0d21cc0f0cca17b74d8dbf6846d9183ac2159dc44d766eb59f7911','Ada','coordinator','','2027-03-01 14:12:02.186408',NULL,'');
INSERT INTO "approvals" VALUES(12,'reading-week',2027,'then-and-now','x','7ec9a632161a6e86aaa0caa79998789295740cb3d6b8d8824d7fd0679dc316aa','Ada','coordinator','','2027-03-01 14:12:02.202360',NULL,'');
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
INSERT INTO "armings" VALUES(1,'reading-week',2027,'Ada','2027-03-01 14:15:02.033525','',NULL);
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
INSERT INTO "attempts" VALUES('0533af43df0511ecc9104767bd79960d',1,1,'2027-03-08 15:05:01.865307','old-host:30544','d0922498f415af54a75b2468429dff1a5399b0619b592cde1ff1634cdd0367b5','731c567482ada0f9e3ba94455d87912d',4,'2027-03-08 15:05:01.937333','accepted',NULL,'rehearsal-731c567482ada0f9e3ba94455d87912d-7416656fbf','rehearsed, not sent');
INSERT INTO "attempts" VALUES('1241d959cff7b038d472edfb5a383af3',2,1,'2027-03-09 15:05:02.396771','old-host:30558','a6f5c4ec633a190c3e84ad6aba53235502a35757f41e47a63237c66a22755b07','4f3b89c17b0d1749f8642fa79e5e6cb4',4,'2027-03-09 15:05:02.428009','accepted',NULL,'rehearsal-4f3b89c17b0d1749f8642fa79e5e6cb4-7b1ccf2575','rehearsed, not sent');
INSERT INTO "attempts" VALUES('e3024d72c55d8d7f6739bb54b3b5f46a',3,1,'2027-03-09 15:05:02.484885','old-host:30558','984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992','text:c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5fbf73f66b',0,'2027-03-09 15:05:02.503353','accepted',NULL,'rehearsal-text-c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5-68a654e99d','rehearsed, not sent');
INSERT INTO "attempts" VALUES('29a322047e00de299bdef65d9b0175a2',4,1,'2027-03-10 15:05:01.635115','old-host:30671','a6ac361e7b0d21cc0f0cca17b74d8dbf6846d9183ac2159dc44d766eb59f7911','5f50d281223fe2451c5b98879c7b5c82',4,'2027-03-10 15:05:01.650153','accepted',NULL,'rehearsal-5f50d281223fe2451c5b98879c7b5c82-8a98bc41d8','rehearsed, not sent');
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
	tried_at DATETIME, 
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
INSERT INTO "batches" VALUES(1,1,1,'2176487beed1962d672184dee5b5e8a5','f0e3f26df28fffbcc9627d9bd71f2eeb',4,0,'sent','731c567482ada0f9e3ba94455d87912d','2027-03-08 12:30:00.000000',NULL,'',0,'2027-03-08 15:05:01.820646',1,'0533af43df0511ecc9104767bd79960d','d0922498f415af54a75b2468429dff1a5399b0619b592cde1ff1634cdd0367b5','731c567482ada0f9e3ba94455d87912d','2027-03-08 15:05:01.865307','2027-03-08 15:06:41.865307','old-host:30544','rehearsal-731c567482ada0f9e3ba94455d87912d-7416656fbf','rehearsed, not sent',0,0,'2027-03-08 15:05:51.865307');
INSERT INTO "batches" VALUES(2,3,1,'2176487beed1962d672184dee5b5e8a5','f0e3f26df28fffbcc9627d9bd71f2eeb',4,0,'sent','4f3b89c17b0d1749f8642fa79e5e6cb4','2027-03-09 12:30:00.000000',NULL,'',0,'2027-03-09 15:05:02.359382',1,'1241d959cff7b038d472edfb5a383af3','a6f5c4ec633a190c3e84ad6aba53235502a35757f41e47a63237c66a22755b07','4f3b89c17b0d1749f8642fa79e5e6cb4','2027-03-09 15:05:02.396771','2027-03-09 15:06:42.396771','old-host:30558','rehearsal-4f3b89c17b0d1749f8642fa79e5e6cb4-7b1ccf2575','rehearsed, not sent',0,0,'2027-03-09 15:05:52.396771');
INSERT INTO "batches" VALUES(3,4,1,'','',1,0,'sent','a6635b0121dbb6a3d9d8718580a1463d','2027-03-09 15:00:00.000000',NULL,'',0,'2027-03-09 15:05:02.475026',1,'e3024d72c55d8d7f6739bb54b3b5f46a','984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992','text:c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5fbf73f66b','2027-03-09 15:05:02.484885','2027-03-09 15:06:42.484885','old-host:30558','rehearsal-text-c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5-68a654e99d','rehearsed, not sent',0,0,'2027-03-09 15:05:52.484885');
INSERT INTO "batches" VALUES(4,5,1,'2176487beed1962d672184dee5b5e8a5','f0e3f26df28fffbcc9627d9bd71f2eeb',4,0,'sent','5f50d281223fe2451c5b98879c7b5c82','2027-03-10 12:30:00.000000',NULL,'',0,'2027-03-10 15:05:01.629712',1,'29a322047e00de299bdef65d9b0175a2','a6ac361e7b0d21cc0f0cca17b74d8dbf6846d9183ac2159dc44d766eb59f7911','5f50d281223fe2451c5b98879c7b5c82','2027-03-10 15:05:01.635115','2027-03-10 15:06:41.635115','old-host:30671','rehearsal-5f50d281223fe2451c5b98879c7b5c82-8a98bc41d8','rehearsed, not sent',0,0,'2027-03-10 15:05:51.635115');
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
INSERT INTO "comments" VALUES(1,'reading-week',2027,'why-we-read','','Grace','coordinator','comment',NULL,'Good','2027-03-01 14:10:02.343842');
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
INSERT INTO "consents" VALUES(1,'','import readers.csv','2027-03-01 14:00:01.723494','import','on a list of readers that the organisation brought in','','');
INSERT INTO "consents" VALUES(2,'2176487beed1962d672184dee5b5e8a5','','2027-03-01 14:01:01.353407','added','asked to be on the list','','Ada');
INSERT INTO "consents" VALUES(3,'f0e3f26d045eadfde9015cb1d74d7f9a','','2027-03-01 14:02:00.877731','withdrawn','erased from the list','','Ada');
INSERT INTO "consents" VALUES(4,'f0e3f26dca2b3c76aee19da08eb24f5f','','2027-03-01 14:00:00.000000','withdrawn','left the list: list','','');
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
INSERT INTO "deliveries" VALUES(1,'rehearsal','reading-week',2027,'why-we-read','email','email','2027-03-08','2027-03-08 12:30:00.000000','2027-03-09 05:00:00.000000','sent','d0922498f415af54a75b2468429dff1a5399b0619b592cde1ff1634cdd0367b5','live would have refused: the mode is "rehearsal"',4,'f0e3f26df28fffbcc9627d9bd71f2eeb','','2027-03-08 15:05:01.761372','2027-03-08 15:05:01.937333');
INSERT INTO "deliveries" VALUES(2,'rehearsal','reading-week',2027,'why-we-read','x','post','2027-03-08','2027-03-08 17:00:00.000000','2027-03-09 05:00:00.000000','missed','','its window closed before it could go: nothing ran, or nothing could be sent, while it was open',0,'','',NULL,'2027-03-09 15:05:02.113261');
INSERT INTO "deliveries" VALUES(3,'rehearsal','reading-week',2027,'a-book-a-day','email','email','2027-03-09','2027-03-09 12:30:00.000000','2027-03-10 05:00:00.000000','sent','a6f5c4ec633a190c3e84ad6aba53235502a35757f41e47a63237c66a22755b07','live would have refused: the mode is "rehearsal"',4,'f0e3f26df28fffbcc9627d9bd71f2eeb','','2027-03-09 15:05:02.305485','2027-03-09 15:05:02.428009');
INSERT INTO "deliveries" VALUES(4,'rehearsal','reading-week',2027,'a-book-a-day','x','post','2027-03-09','2027-03-09 15:00:00.000000','2027-03-10 05:00:00.000000','sent','984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992','live would have refused: the mode is "rehearsal"',1,'','','2027-03-09 15:05:02.457279','2027-03-09 15:05:02.503353');
INSERT INTO "deliveries" VALUES(5,'rehearsal','reading-week',2027,'then-and-now','email','email','2027-03-10','2027-03-10 12:30:00.000000','2027-03-11 05:00:00.000000','sent','a6ac361e7b0d21cc0f0cca17b74d8dbf6846d9183ac2159dc44d766eb59f7911','live would have refused: the mode is "rehearsal"',4,'f0e3f26df28fffbcc9627d9bd71f2eeb','','2027-03-10 15:05:01.616852','2027-03-10 15:05:01.650153');
INSERT INTO "deliveries" VALUES(6,'rehearsal','reading-week',2027,'then-and-now','x','post','2027-03-10','2027-03-10 15:00:00.000000','2027-03-11 05:00:00.000000','scheduled','','held by Ada since 2027-03-09 17:00 UTC: strike',0,'','',NULL,'2027-03-10 15:05:01.681591');
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
INSERT INTO "events" VALUES(1,'2027-03-01 14:01:01.353407','subscriber.added','Ada',NULL,'{"barred_before": "", "subscriber": "2176487beed1962d672184dee5b5e8a5"}','0000000000000000000000000000000000000000000000000000000000000000','47ce1c75c4291ca913c9e522d397395f585ca0fabdd5298de55727421b423cf5');
INSERT INTO "events" VALUES(2,'2027-03-01 14:02:00.877731','subscriber.erased','Ada',NULL,'{"subscriber": "f0e3f26d045eadfde9015cb1d74d7f9a"}','47ce1c75c4291ca913c9e522d397395f585ca0fabdd5298de55727421b423cf5','3bd918129c60748a2f3e016c5a81e7fa8091e2dcc5f149398e540d58a74c8020');
INSERT INTO "events" VALUES(3,'2027-03-01 14:00:00.000000','subscriber.left','reader',NULL,'{"subscriber": "f0e3f26dca2b3c76aee19da08eb24f5f", "why": "list"}','3bd918129c60748a2f3e016c5a81e7fa8091e2dcc5f149398e540d58a74c8020','e0852f2d654eef3b47b326f6a808b754891d4482ecc24b6ca2567ccbf2a851b1');
INSERT INTO "events" VALUES(4,'2027-03-01 14:03:01.089271','person.added','Ada',NULL,'{"name": "Ada", "role": "coordinator"}','e0852f2d654eef3b47b326f6a808b754891d4482ecc24b6ca2567ccbf2a851b1','5917963474b841517baa9dda827f60b42e1add8c42d4487645054d0bfc853cd5');
INSERT INTO "events" VALUES(5,'2027-03-01 14:05:00.887075','record.signed','Ada',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-2025"}','5917963474b841517baa9dda827f60b42e1add8c42d4487645054d0bfc853cd5','196f824b32cd71702b5bf4566c713a13b935775a5bd74b9df4f0153a04ca25bd');
INSERT INTO "events" VALUES(6,'2027-03-01 14:05:00.924069','record.signed','Ada',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-1990"}','196f824b32cd71702b5bf4566c713a13b935775a5bd74b9df4f0153a04ca25bd','eb3afa88f246fed2567f25539241eb43708c3ce2c8648923df0afa012021f56f');
INSERT INTO "events" VALUES(7,'2027-03-01 14:06:00.667347','record.signed','Ada',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "contact", "subject_id": "desk-phone"}','eb3afa88f246fed2567f25539241eb43708c3ce2c8648923df0afa012021f56f','035d995360972baa4e7a33d6e525c64d66ddf9a5a6d4c5f85035ec18da533bf3');
INSERT INTO "events" VALUES(8,'2027-03-01 14:07:01.276875','record.signed','Grace',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-2025"}','035d995360972baa4e7a33d6e525c64d66ddf9a5a6d4c5f85035ec18da533bf3','ba72e5a37e192c596f0479dd6fbf03833ef4f5524ce46928f21e3f8ab3a866ff');
INSERT INTO "events" VALUES(9,'2027-03-01 14:07:01.369078','record.signed','Grace',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-1990"}','ba72e5a37e192c596f0479dd6fbf03833ef4f5524ce46928f21e3f8ab3a866ff','bd2502d213ff4d95f6ab4fa214df5686487beb1d002b49b6e37661e9bc9948f2');
INSERT INTO "events" VALUES(10,'2027-03-01 14:08:01.325062','record.signed','Grace',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "contact", "subject_id": "desk-phone"}','bd2502d213ff4d95f6ab4fa214df5686487beb1d002b49b6e37661e9bc9948f2','1e1f6ceb0b0a77444c8c8ec0f5345ff6f68a69cfdecd79af34193edadd82f0f8');
INSERT INTO "events" VALUES(11,'2027-03-01 14:10:02.343842','comment.added','Grace',NULL,'{"campaign": "reading-week", "channel": "", "comment": 1, "item": "why-we-read", "role": "coordinator", "season": 2027}','1e1f6ceb0b0a77444c8c8ec0f5345ff6f68a69cfdecd79af34193edadd82f0f8','2ebfdb502cf9748b21047c76d070fdf7dda9d9cf93d6919744712ca2c5afd712');
INSERT INTO "events" VALUES(12,'2027-03-01 14:11:02.678598','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "d0922498f415af54a75b2468429dff1a5399b0619b592cde1ff1634cdd0367b5", "item": "why-we-read", "role": "coordinator", "season": 2027}','2ebfdb502cf9748b21047c76d070fdf7dda9d9cf93d6919744712ca2c5afd712','4f81c9c439fff5bb08845b6176ac889a895871246f99ff999fce0f55fab7eb43');
INSERT INTO "events" VALUES(13,'2027-03-01 14:11:02.756124','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490", "item": "why-we-read", "role": "coordinator", "season": 2027}','4f81c9c439fff5bb08845b6176ac889a895871246f99ff999fce0f55fab7eb43','5b632902379f31c9c637dbbc83a438297449fdc4063677f2aca1cbae2086e0e9');
INSERT INTO "events" VALUES(14,'2027-03-01 14:11:02.768044','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "a6f5c4ec633a190c3e84ad6aba53235502a35757f41e47a63237c66a22755b07", "item": "a-book-a-day", "role": "coordinator", "season": 2027}','5b632902379f31c9c637dbbc83a438297449fdc4063677f2aca1cbae2086e0e9','76751dad708157f3a828165172d3d7acda8be24e9de5380e07fbcd460f1bb54b');
INSERT INTO "events" VALUES(15,'2027-03-01 14:11:02.772493','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992", "item": "a-book-a-day", "role": "coordinator", "season": 2027}','76751dad708157f3a828165172d3d7acda8be24e9de5380e07fbcd460f1bb54b','3cd2972a3a4b8970c3b9060c885e58ea3ed37b8ca6527a70f70076a897322550');
INSERT INTO "events" VALUES(16,'2027-03-01 14:11:02.776692','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "a6ac361e7b0d21cc0f0cca17b74d8dbf6846d9183ac2159dc44d766eb59f7911", "item": "then-and-now", "role": "coordinator", "season": 2027}','3cd2972a3a4b8970c3b9060c885e58ea3ed37b8ca6527a70f70076a897322550','86f1998a9819b1b3125c3b6573ffeb1dec5de77a0f0b4a762014836d1bfc9415');
INSERT INTO "events" VALUES(17,'2027-03-01 14:11:02.780596','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "7ec9a632161a6e86aaa0caa79998789295740cb3d6b8d8824d7fd0679dc316aa", "item": "then-and-now", "role": "coordinator", "season": 2027}','86f1998a9819b1b3125c3b6573ffeb1dec5de77a0f0b4a762014836d1bfc9415','35a64626cffb104c4fdd84b0a939a6cc8364fdb55645cddd647f14982cff690e');
INSERT INTO "events" VALUES(18,'2027-03-01 14:12:02.099027','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "d0922498f415af54a75b2468429dff1a5399b0619b592cde1ff1634cdd0367b5", "item": "why-we-read", "role": "coordinator", "season": 2027}','35a64626cffb104c4fdd84b0a939a6cc8364fdb55645cddd647f14982cff690e','3bc31549267c08d6fe07c1e0674f14439b4d09d44c59dd71fd32287cb5acc792');
INSERT INTO "events" VALUES(19,'2027-03-01 14:12:02.135471','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490", "item": "why-we-read", "role": "coordinator", "season": 2027}','3bc31549267c08d6fe07c1e0674f14439b4d09d44c59dd71fd32287cb5acc792','08f10843c5f7eb12022623464f9a1dd0fe9394c9e934f12e4b6d5e59efa8c130');
INSERT INTO "events" VALUES(20,'2027-03-01 14:12:02.146342','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "a6f5c4ec633a190c3e84ad6aba53235502a35757f41e47a63237c66a22755b07", "item": "a-book-a-day", "role": "coordinator", "season": 2027}','08f10843c5f7eb12022623464f9a1dd0fe9394c9e934f12e4b6d5e59efa8c130','d8097ff5ad87bead07aff1b0756d164db03af5b01bd45f6bf5554651630e7f8c');
INSERT INTO "events" VALUES(21,'2027-03-01 14:12:02.154625','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992", "item": "a-book-a-day", "role": "coordinator", "season": 2027}','d8097ff5ad87bead07aff1b0756d164db03af5b01bd45f6bf5554651630e7f8c','680c34d2ed8a55e1455bb16d66c0494db4d0b6bb24fd5eca9aa1748b44eae54f');
INSERT INTO "events" VALUES(22,'2027-03-01 14:12:02.186408','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "a6ac361e7b0d21cc0f0cca17b74d8dbf6846d9183ac2159dc44d766eb59f7911", "item": "then-and-now", "role": "coordinator", "season": 2027}','680c34d2ed8a55e1455bb16d66c0494db4d0b6bb24fd5eca9aa1748b44eae54f','7b15a0497f0ab25c0514fb9e0b291af27474c28bfdf86a7242cf18c59b6e8279');
INSERT INTO "events" VALUES(23,'2027-03-01 14:12:02.202360','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "7ec9a632161a6e86aaa0caa79998789295740cb3d6b8d8824d7fd0679dc316aa", "item": "then-and-now", "role": "coordinator", "season": 2027}','7b15a0497f0ab25c0514fb9e0b291af27474c28bfdf86a7242cf18c59b6e8279','65a32b83fc8bc323d01a507c904b22c8ad4ef02ca4efc3eb245923f31c855445');
INSERT INTO "events" VALUES(24,'2027-03-01 14:15:02.033525','season.armed','Ada',NULL,'{"campaign": "reading-week", "season": 2027}','65a32b83fc8bc323d01a507c904b22c8ad4ef02ca4efc3eb245923f31c855445','dce2abfe51f7ac38d399cb77c3396b4c55437cf5fb3ce862ed4d79227149af36');
INSERT INTO "events" VALUES(25,'2027-03-01 14:16:01.631249','delivery.planned','plan',1,'{"campaign": "reading-week", "channel": "email", "due_at": "2027-03-08T12:30:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "mode": "rehearsal", "season": 2027}','dce2abfe51f7ac38d399cb77c3396b4c55437cf5fb3ce862ed4d79227149af36','8448823e0964723ab226d72d7eb87a83dece482f49c19015d8bd119e6d76d106');
INSERT INTO "events" VALUES(26,'2027-03-01 14:16:01.631249','delivery.planned','plan',2,'{"campaign": "reading-week", "channel": "x", "due_at": "2027-03-08T17:00:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "mode": "rehearsal", "season": 2027}','8448823e0964723ab226d72d7eb87a83dece482f49c19015d8bd119e6d76d106','2f1d713073025145d476925d7a4657ee5ac6174f0522fd75d4b33d0eadebac36');
INSERT INTO "events" VALUES(27,'2027-03-01 14:16:01.631249','delivery.planned','plan',3,'{"campaign": "reading-week", "channel": "email", "due_at": "2027-03-09T12:30:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "mode": "rehearsal", "season": 2027}','2f1d713073025145d476925d7a4657ee5ac6174f0522fd75d4b33d0eadebac36','98ec3a8c74a1cc08e5e999d9a7faca87d27f4d54f895ec671dca0566f27a7b59');
INSERT INTO "events" VALUES(28,'2027-03-01 14:16:01.631249','delivery.planned','plan',4,'{"campaign": "reading-week", "channel": "x", "due_at": "2027-03-09T15:00:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "mode": "rehearsal", "season": 2027}','98ec3a8c74a1cc08e5e999d9a7faca87d27f4d54f895ec671dca0566f27a7b59','573e6d0b4d097977c17219edf234a0486e81063ff709fc59e6a4208b94c3b800');
INSERT INTO "events" VALUES(29,'2027-03-01 14:16:01.631249','delivery.planned','plan',5,'{"campaign": "reading-week", "channel": "email", "due_at": "2027-03-10T12:30:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "mode": "rehearsal", "season": 2027}','573e6d0b4d097977c17219edf234a0486e81063ff709fc59e6a4208b94c3b800','2a676690e2e6317bdccf559db15bc81fd69db72749c34b74ab72afd29474aebd');
INSERT INTO "events" VALUES(30,'2027-03-01 14:16:01.631249','delivery.planned','plan',6,'{"campaign": "reading-week", "channel": "x", "due_at": "2027-03-10T15:00:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "mode": "rehearsal", "season": 2027}','2a676690e2e6317bdccf559db15bc81fd69db72749c34b74ab72afd29474aebd','5a56cec85f896dd06755283ac13435f3de77f43763befff67884012f6d9731ff');
INSERT INTO "events" VALUES(31,'2027-03-08 15:05:01.761372','delivery.opened','tick',1,'{"frozen": 4}','5a56cec85f896dd06755283ac13435f3de77f43763befff67884012f6d9731ff','c94f6325eeda8587b1a2b0b84bdba09a81cfe2eca2e8c67fe7344c44588545b6');
INSERT INTO "events" VALUES(32,'2027-03-08 15:05:01.865307','attempt.begun','tick',1,'{"attempt": 1, "batch": 1, "digest": "d0922498f415af54a75b2468429dff1a5399b0619b592cde1ff1634cdd0367b5", "node": "old-host:30544", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 4, "token": "0533af43df0511ecc9104767bd79960d"}','c94f6325eeda8587b1a2b0b84bdba09a81cfe2eca2e8c67fe7344c44588545b6','53270550c715646873298f4e5f0340a12e04cdcca92f684f383ec848fae68f95');
INSERT INTO "events" VALUES(33,'2027-03-08 15:05:01.937333','attempt.accepted','tick',1,'{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-731c567482ada0f9e3ba94455d87912d-7416656fbf", "retry_at": null, "status": null, "token": "0533af43df0511ecc9104767bd79960d"}','53270550c715646873298f4e5f0340a12e04cdcca92f684f383ec848fae68f95','4cc7029db837b1c09d6d923df77bbf265a617d2549a4bd1f106df0f8b6731d22');
INSERT INTO "events" VALUES(34,'2027-03-09 15:05:02.113261','delivery.missed','tick',2,'{"channel": "x", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "why": "nothing ran, or nothing could be sent, while it was open"}','4cc7029db837b1c09d6d923df77bbf265a617d2549a4bd1f106df0f8b6731d22','dc9f42847538dc124acd1cd60f23bce7ae04705dea916534a023a111afd04641');
INSERT INTO "events" VALUES(35,'2027-03-09 15:05:02.305485','delivery.opened','tick',3,'{"frozen": 4}','dc9f42847538dc124acd1cd60f23bce7ae04705dea916534a023a111afd04641','f429ff5fda807814d183335a381d9ed53e165a927452f57d1dafde540897fe95');
INSERT INTO "events" VALUES(36,'2027-03-09 15:05:02.396771','attempt.begun','tick',3,'{"attempt": 1, "batch": 1, "digest": "a6f5c4ec633a190c3e84ad6aba53235502a35757f41e47a63237c66a22755b07", "node": "old-host:30558", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 4, "token": "1241d959cff7b038d472edfb5a383af3"}','f429ff5fda807814d183335a381d9ed53e165a927452f57d1dafde540897fe95','88c6c30925566098356872d4acc4b4e075f9dda2d87f32326c6fda9f97c814ba');
INSERT INTO "events" VALUES(37,'2027-03-09 15:05:02.428009','attempt.accepted','tick',3,'{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-4f3b89c17b0d1749f8642fa79e5e6cb4-7b1ccf2575", "retry_at": null, "status": null, "token": "1241d959cff7b038d472edfb5a383af3"}','88c6c30925566098356872d4acc4b4e075f9dda2d87f32326c6fda9f97c814ba','43994335cb3e1ba2568ee5a35a2c3bbb00fb1e10f8c5cd43ac82a0be68e299fa');
INSERT INTO "events" VALUES(38,'2027-03-09 15:05:02.457279','delivery.opened','tick',4,'{"frozen": 1}','43994335cb3e1ba2568ee5a35a2c3bbb00fb1e10f8c5cd43ac82a0be68e299fa','df2e8a91d1c7c3e4042b3a012b257870794d7e83d72562cc3889ac44cecc49f8');
INSERT INTO "events" VALUES(39,'2027-03-09 15:05:02.484885','attempt.begun','tick',4,'{"attempt": 1, "batch": 1, "digest": "984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992", "node": "old-host:30558", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 0, "token": "e3024d72c55d8d7f6739bb54b3b5f46a"}','df2e8a91d1c7c3e4042b3a012b257870794d7e83d72562cc3889ac44cecc49f8','ff1ec0c84c42ff2912eb47d35eedc98b8ac745956b4c8509dde0bfc1fda93f0b');
INSERT INTO "events" VALUES(40,'2027-03-09 15:05:02.503353','attempt.accepted','tick',4,'{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-text-c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5-68a654e99d", "retry_at": null, "status": null, "token": "e3024d72c55d8d7f6739bb54b3b5f46a"}','ff1ec0c84c42ff2912eb47d35eedc98b8ac745956b4c8509dde0bfc1fda93f0b','09d6f5c247159a2c5e2ca84c3ed79f2e8eb12cbfec366427883765fdea688f88');
INSERT INTO "events" VALUES(41,'2027-03-09 17:00:01.135471','hold.set','Ada',NULL,'{"channel": "x", "why": "strike"}','09d6f5c247159a2c5e2ca84c3ed79f2e8eb12cbfec366427883765fdea688f88','b596c66f497df8fb7da6dfeba6988021150000a797c0696136496351466e0384');
INSERT INTO "events" VALUES(42,'2027-03-10 15:05:01.616852','delivery.opened','tick',5,'{"frozen": 4}','b596c66f497df8fb7da6dfeba6988021150000a797c0696136496351466e0384','f6833d770e78c71f10db8a217a69dc1f9204bfc05251268a21d84839e8185fa7');
INSERT INTO "events" VALUES(43,'2027-03-10 15:05:01.635115','attempt.begun','tick',5,'{"attempt": 1, "batch": 1, "digest": "a6ac361e7b0d21cc0f0cca17b74d8dbf6846d9183ac2159dc44d766eb59f7911", "node": "old-host:30671", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 4, "token": "29a322047e00de299bdef65d9b0175a2"}','f6833d770e78c71f10db8a217a69dc1f9204bfc05251268a21d84839e8185fa7','2f09f4da638137c7af40366b6e307ca9ddd1358d879b4ffb0b96f19982c50c6f');
INSERT INTO "events" VALUES(44,'2027-03-10 15:05:01.650153','attempt.accepted','tick',5,'{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-5f50d281223fe2451c5b98879c7b5c82-8a98bc41d8", "retry_at": null, "status": null, "token": "29a322047e00de299bdef65d9b0175a2"}','2f09f4da638137c7af40366b6e307ca9ddd1358d879b4ffb0b96f19982c50c6f','fb326d978d7492be5220d45f48046cdc3e808eb463c842406ffc8aa6a9353f4d');
INSERT INTO "events" VALUES(45,'2027-03-10 15:05:01.681591','delivery.waits','tick',6,'{"why": "held by Ada since 2027-03-09 17:00 UTC: strike"}','fb326d978d7492be5220d45f48046cdc3e808eb463c842406ffc8aa6a9353f4d','55091f695f3b769b58e9d5ca3b9f84f5743f46c611f59dc08f462dbf122a8147');
CREATE TABLE file_edits (
	id INTEGER NOT NULL, 
	campaign VARCHAR(200) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	record VARCHAR(200) NOT NULL, 
	file VARCHAR(300) NOT NULL, 
	person VARCHAR(200) NOT NULL, 
	edited_at DATETIME NOT NULL, 
	"before" VARCHAR(64) NOT NULL, 
	"after" VARCHAR(64) NOT NULL, 
	fields TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_file_edits PRIMARY KEY (id)
);
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
INSERT INTO "hashed_suppressions" VALUES('655939ca3b28e2790e876c2f8094b236bcaa5d687b0a63549bcc1724d7bbb202','f0e3f26d045eadfde9015cb1d74d7f9a','erased','erased','2027-03-01 14:02:00.877731');
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
INSERT INTO "holds" VALUES(1,'x','Ada','strike','2027-03-09 17:00:01.135471','',NULL);
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
INSERT INTO "ledger" VALUES(1,'f53cdba41d268f6ede1a9dcf86526ec7',45,'55091f695f3b769b58e9d5ca3b9f84f5743f46c611f59dc08f462dbf122a8147',NULL);
CREATE TABLE messages (
	digest VARCHAR(64) NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT pk_messages PRIMARY KEY (digest)
);
INSERT INTO "messages" VALUES('d0922498f415af54a75b2468429dff1a5399b0619b592cde1ff1634cdd0367b5','{"audience": "", "body": {"from_address": "news@example.org", "from_name": "Example Coalition", "headers": {"Auto-Submitted": "auto-generated", "List-Id": "Reading Week <reading-week.news.example.org>"}, "html": "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Why we read</title>\n<style>@media (prefers-color-scheme:dark){.page{background-color:#12171e!important}.card{background-color:#1b222c!important}.card,.h1,.h2,.h3,.quote,.help,.help_title,.digits,.digits_small,.help_line,.part,.part_now{color:#e8edf3!important}.lead,.eyebrow,.attribution,.small,.foot,.help_hours{color:#a5b0bd!important}.link{color:#8db8f2!important}.blockquote,.action{border-color:#8db8f2!important}.note{border-color:#7d8896!important}.hr,.part{border-color:#3a4553!important}.help,.part_now{background-color:#12171e!important;border-color:#8db8f2!important}.button{background-color:#8db8f2!important}.button_link{color:#12171e!important}}@media (max-width:480px){.outer{padding:0 0 24px!important}.band,.card{padding-left:16px!important;padding-right:16px!important;border-radius:0!important}.help{padding:16px 16px 0!important}}</style>\n</head>\n<body class=\"page\" style=\"margin:0;padding:0;background-color:#eaf1fb;-webkit-text-size-adjust:100%;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"outer\" align=\"center\" style=\"padding:8px 8px 32px\">\n<table role=\"presentation\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"width:100%;max-width:600px;border-collapse:separate;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<tr><td class=\"lead\" align=\"left\" style=\"padding:8px 16px;font-size:14px;line-height:1.5;color:#56616f\">Five days, five short letters</td></tr>\n<tr><td class=\"band\" align=\"left\" style=\"padding:16px 24px;background-color:#1f4e8c;color:#ffffff;border-radius:6px 6px 0 0\">\n<p style=\"margin:0;font-size:18px;line-height:1.3;font-weight:bold;color:#ffffff\">Reading Week</p>\n<p style=\"margin:4px 0 0;font-size:15px;line-height:1.4;color:#ffffff\">Day 1 of 3, Monday 8 March 2027</p>\n</td></tr>\n<tr><td class=\"card\" align=\"left\" style=\"padding:24px 24px 8px;background-color:#ffffff;color:#1b2430;border-radius:0 0 6px 6px;overflow-wrap:break-word;word-break:break-word\">\n<h1 class=\"h1\" style=\"margin:0 0 16px;font-size:26px;line-height:1.25;font-weight:bold;color:#1b2430\">Why we read</h1>\n<p style=\"margin:0 0 16px\">Good morning.</p>\n<p style=\"margin:0 0 16px\">the town library had 4,100 members at the end of 2025, says the Annual Report 2025.</p>\n<p class=\"small\" style=\"margin:0 0 8px;font-size:14px;line-height:1.5;color:#56616f\">\nFigures: 4,100, as of December 2025. Source: <a class=\"link\" href=\"https://library.example/report-2025\" style=\"color:#1f4e8c;text-decoration:underline\">Annual Report 2025</a>, Town Library, February 2026.\n</p>\n<div style=\"height:12px;line-height:12px;font-size:1px\">&nbsp;</div>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"help\" style=\"padding:20px 20px 4px;background-color:#eaf1fb;color:#1b2430;border:2px solid #1f4e8c;border-radius:6px\">\n<h2 class=\"help_title\" style=\"margin:0 0 12px;font-size:20px;line-height:1.3;font-weight:bold;color:#1b2430\">Help</h2>\n<p class=\"digits\" style=\"margin:0;font-size:28px;line-height:1.3;font-weight:bold;color:#1b2430\"><a class=\"link\" href=\"tel:+15550100199\" style=\"color:#1f4e8c;text-decoration:underline\">1-555-010-0199</a></p>\n<p class=\"help_line\" style=\"margin:0;font-size:15px;line-height:1.45;color:#1b2430\">\n<strong>Library desk.</strong> Questions about books, cards and events.\n</p>\n<p class=\"help_hours\" style=\"margin:0 0 16px;font-size:14px;line-height:1.5;color:#56616f\">\nMonday to Friday, 9 to 17. English.\n</p>\n</td>\n</tr></table>\n<div style=\"height:20px;line-height:20px;font-size:1px\">&nbsp;</div>\n</td></tr>\n<tr><td class=\"foot\" align=\"left\" style=\"padding:20px 16px 0;font-size:14px;line-height:1.5;color:#56616f\">\n<p class=\"only-in-mail\" style=\"margin:0 0 16px\">You get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.</p>\n<p style=\"margin:0 0 16px\"><a class=\"link\" href=\"%preferences_url%\" style=\"color:#1f4e8c;text-decoration:underline\">Get fewer of these emails, or pause them</a>.<br>\n<a class=\"link\" href=\"%unsubscribe_url%\" style=\"color:#1f4e8c;text-decoration:underline\">Stop these emails</a>.</p>\n<p class=\"only-in-mail\" style=\"margin:0 0 16px\"><a class=\"link\" href=\"https://news.example.org/archive/2027-03-08\" style=\"color:#1f4e8c;text-decoration:underline\">Read this email in a browser</a>.</p>\n<p class=\"only-in-mail\" style=\"margin:0 0 16px\">If someone checks this inbox, use a safer device to read about this or to look for help.</p>\n<p class=\"only-in-mail\" style=\"margin:0 0 16px\">A reply reaches Example Coalition. It is not a help line and may be read late; use the numbers above for help.</p>\n<p style=\"margin:0 0 16px\">Example Coalition<br>1 Example Street, Example Town, EX 00000</p>\n</td></tr>\n</table>\n</td>\n</tr></table>\n</body>\n</html>\n", "list_id": "Reading Week <reading-week.news.example.org>", "parts": [], "preheader": "Five days, five short letters", "reply_to": "hello@example.org", "subject": "Why we read", "text": "Five days, five short letters\n\nReading Week\nDay 1 of 3, Monday 8 March 2027\n\nWhy we read\n===========\n\nGood morning.\n\nthe town library had 4,100 members at the end of 2025, says the Annual\nReport 2025.\n\nFigures: 4,100, as of December 2025. Source: Annual Report 2025, Town\nLibrary, February 2026.\nhttps://library.example/report-2025\n\nHelp\n----\n\n1-555-010-0199\n  Library desk. Questions about books, cards and events. Monday to\n  Friday, 9 to 17. English.\n\n------------------------------------------------------------------------\n\nYou get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.\n\nGet fewer of these emails, or pause them:\n%preferences_url%\n\nStop these emails:\n%unsubscribe_url%\n\nRead this email in a browser:\nhttps://news.example.org/archive/2027-03-08\n\nIf someone checks this inbox, use a safer device to read about this or\nto look for help.\n\nA reply reaches Example Coalition. It is not a help line and may be read\nlate; use the numbers above for help.\n\nExample Coalition\n1 Example Street, Example Town, EX 00000\n", "tokens": ["%unsubscribe_url%", "%preferences_url%"], "type": "EmailBody"}, "campaign": "reading-week", "channel": "email", "claims": ["members-2025"], "contacts": ["desk-phone"], "due_at": "2027-03-08T12:30:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "kind": "fact", "links": ["https://library.example/report-2025", "https://news.example.org/archive/2027-03-08"], "on": "2027-03-08", "quotations": [], "rests_on": {"claim:members-2025": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
INSERT INTO "messages" VALUES('a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490','{"audience": "", "body": {"alt_text": "", "characters": 75, "contains_url": false, "limit": 280, "text": "4,100 of us have a library card.\n\nLibrary desk: 1-555-010-0199\n#ReadingWeek", "type": "PostBody"}, "campaign": "reading-week", "channel": "x", "claims": ["members-2025"], "contacts": ["desk-phone"], "due_at": "2027-03-08T17:00:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "kind": "fact", "links": [], "on": "2027-03-08", "quotations": [], "rests_on": {"claim:members-2025": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
INSERT INTO "messages" VALUES('a6f5c4ec633a190c3e84ad6aba53235502a35757f41e47a63237c66a22755b07','{"audience": "", "body": {"from_address": "news@example.org", "from_name": "Example Coalition", "headers": {"Auto-Submitted": "auto-generated", "List-Id": "Reading Week <reading-week.news.example.org>"}, "html": "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Ten minutes a day</title>\n<style>@media (prefers-color-scheme:dark){.page{background-color:#12171e!important}.card{background-color:#1b222c!important}.card,.h1,.h2,.h3,.quote,.help,.help_title,.digits,.digits_small,.help_line,.part,.part_now{color:#e8edf3!important}.lead,.eyebrow,.attribution,.small,.foot,.help_hours{color:#a5b0bd!important}.link{color:#8db8f2!important}.blockquote,.action{border-color:#8db8f2!important}.note{border-color:#7d8896!important}.hr,.part{border-color:#3a4553!important}.help,.part_now{background-color:#12171e!important;border-color:#8db8f2!important}.button{background-color:#8db8f2!important}.button_link{color:#12171e!important}}@media (max-width:480px){.outer{padding:0 0 24px!important}.band,.card{padding-left:16px!important;padding-right:16px!important;border-radius:0!important}.help{padding:16px 16px 0!important}}</style>\n</head>\n<body class=\"page\" style=\"margin:0;padding:0;background-color:#eaf1fb;-webkit-text-size-adjust:100%;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"outer\" align=\"center\" style=\"padding:8px 8px 32px\">\n<table role=\"presentation\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"width:100%;max-width:600px;border-collapse:separate;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<tr><td class=\"band\" align=\"left\" style=\"padding:16px 24px;background-color:#1f4e8c;color:#ffffff;border-radius:6px 6px 0 0\">\n<p style=\"margin:0;font-size:18px;line-height:1.3;font-weight:bold;color:#ffffff\">Reading Week</p>\n<p style=\"margin:4px 0 0;font-size:15px;line-height:1.4;color:#ffffff\">Day 2 of 3, Tuesday 9 March 2027</p>\n</td></tr>\n<tr><td class=\"card\" align=\"left\" style=\"padding:24px 24px 8px;background-color:#ffffff;color:#1b2430;border-radius:0 0 6px 6px;overflow-wrap:break-word;word-break:break-word\">\n<h1 class=\"h1\" style=\"margin:0 0 16px;font-size:26px;line-height:1.25;font-weight:bold;color:#1b2430\">Ten minutes a day</h1>\n<p style=\"margin:0 0 16px\">Ten minutes a day are a book a month.</p>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"help\" style=\"padding:20px 20px 4px;background-color:#eaf1fb;color:#1b2430;border:2px solid #1f4e8c;border-radius:6px\">\n<h2 class=\"help_title\" style=\"margin:0 0 12px;font-size:20px;line-height:1.3;font-weight:bold;color:#1b2430\">Help</h2>\n<p class=\"digits\" style=\"margin:0;font-size:28px;line-height:1.3;font-weight:bold;color:#1b2430\"><a class=\"link\" href=\"tel:+15550100199\" style=\"color:#1f4e8c;text-decoration:underline\">1-555-010-0199</a></p>\n<p class=\"help_line\" style=\"margin:0;font-size:15px;line-height:1.45;color:#1b2430\">\n<strong>Library desk.</strong> Questions about books, cards and events.\n</p>\n<p class=\"help_hours\" style=\"margin:0 0 16px;font-size:14px;line-height:1.5;color:#56616f\">\nMonday to Friday, 9 to 17. English.\n</p>\n</td>\n</tr></table>\n<div style=\"height:20px;line-height:20px;font-size:1px\">&nbsp;</div>\n</td></tr>\n<tr><td class=\"foot\" align=\"left\" style=\"padding:20px 16px 0;font-size:14px;line-height:1.5;color:#56616f\">\n<p class=\"only-in-mail\" style=\"margin:0 0 16px\">You get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.</p>\n<p style=\"margin:0 0 16px\"><a class=\"link\" href=\"%preferences_url%\" style=\"color:#1f4e8c;text-decoration:underline\">Get fewer of these emails, or pause them</a>.<br>\n<a class=\"link\" href=\"%unsubscribe_url%\" style=\"color:#1f4e8c;text-decoration:underline\">Stop these emails</a>.</p>\n<p class=\"only-in-mail\" style=\"margin:0 0 16px\"><a class=\"link\" href=\"https://news.example.org/archive/2027-03-09\" style=\"color:#1f4e8c;text-decoration:underline\">Read this email in a browser</a>.</p>\n<p class=\"only-in-mail\" style=\"margin:0 0 16px\">If someone checks this inbox, use a safer device to read about this or to look for help.</p>\n<p class=\"only-in-mail\" style=\"margin:0 0 16px\">A reply reaches Example Coalition. It is not a help line and may be read late; use the numbers above for help.</p>\n<p style=\"margin:0 0 16px\">Example Coalition<br>1 Example Street, Example Town, EX 00000</p>\n</td></tr>\n</table>\n</td>\n</tr></table>\n</body>\n</html>\n", "list_id": "Reading Week <reading-week.news.example.org>", "parts": [], "preheader": "", "reply_to": "hello@example.org", "subject": "Ten minutes a day", "text": "Reading Week\nDay 2 of 3, Tuesday 9 March 2027\n\nTen minutes a day\n=================\n\nTen minutes a day are a book a month.\n\nHelp\n----\n\n1-555-010-0199\n  Library desk. Questions about books, cards and events. Monday to\n  Friday, 9 to 17. English.\n\n------------------------------------------------------------------------\n\nYou get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.\n\nGet fewer of these emails, or pause them:\n%preferences_url%\n\nStop these emails:\n%unsubscribe_url%\n\nRead this email in a browser:\nhttps://news.example.org/archive/2027-03-09\n\nIf someone checks this inbox, use a safer device to read about this or\nto look for help.\n\nA reply reaches Example Coalition. It is not a help line and may be read\nlate; use the numbers above for help.\n\nExample Coalition\n1 Example Street, Example Town, EX 00000\n", "tokens": ["%unsubscribe_url%", "%preferences_url%"], "type": "EmailBody"}, "campaign": "reading-week", "channel": "email", "claims": [], "contacts": ["desk-phone"], "due_at": "2027-03-09T12:30:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "kind": "action", "links": ["https://news.example.org/archive/2027-03-09"], "on": "2027-03-09", "quotations": [], "rests_on": {"contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
INSERT INTO "messages" VALUES('984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992','{"audience": "", "body": {"alt_text": "", "characters": 67, "contains_url": false, "limit": 280, "text": "Ten minutes a day are a book a month.\n\nLibrary desk: 1-555-010-0199", "type": "PostBody"}, "campaign": "reading-week", "channel": "x", "claims": [], "contacts": ["desk-phone"], "due_at": "2027-03-09T15:00:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "kind": "action", "links": [], "on": "2027-03-09", "quotations": [], "rests_on": {"contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
INSERT INTO "messages" VALUES('a6ac361e7b0d21cc0f0cca17b74d8dbf6846d9183ac2159dc44d766eb59f7911','{"audience": "", "body": {"from_address": "news@example.org", "from_name": "Example Coalition", "headers": {"Auto-Submitted": "auto-generated", "List-Id": "Reading Week <reading-week.news.example.org>"}, "html": "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>How many readers? Then and now</title>\n<style>@media (prefers-color-scheme:dark){.page{background-color:#12171e!important}.card{background-color:#1b222c!important}.card,.h1,.h2,.h3,.quote,.help,.help_title,.digits,.digits_small,.help_line,.part,.part_now{color:#e8edf3!important}.lead,.eyebrow,.attribution,.small,.foot,.help_hours{color:#a5b0bd!important}.link{color:#8db8f2!important}.blockquote,.action{border-color:#8db8f2!important}.note{border-color:#7d8896!important}.hr,.part{border-color:#3a4553!important}.help,.part_now{background-color:#12171e!important;border-color:#8db8f2!important}.button{background-color:#8db8f2!important}.button_link{color:#12171e!important}}@media (max-width:480px){.outer{padding:0 0 24px!important}.band,.card{padding-left:16px!important;padding-right:16px!important;border-radius:0!important}.help{padding:16px 16px 0!important}}</style>\n</head>\n<body class=\"page\" style=\"margin:0;padding:0;background-color:#eaf1fb;-webkit-text-size-adjust:100%;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"outer\" align=\"center\" style=\"padding:8px 8px 32px\">\n<table role=\"presentation\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"width:100%;max-width:600px;border-collapse:separate;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<tr><td class=\"band\" align=\"left\" style=\"padding:16px 24px;background-color:#1f4e8c;color:#ffffff;border-radius:6px 6px 0 0\">\n<p style=\"margin:0;font-size:18px;line-height:1.3;font-weight:bold;color:#ffffff\">Reading Week</p>\n<p style=\"margin:4px 0 0;font-size:15px;line-height:1.4;color:#ffffff\">Day 3 of 3, Wednesday 10 March 2027</p>\n</td></tr>\n<tr><td class=\"card\" align=\"left\" style=\"padding:24px 24px 8px;background-color:#ffffff;color:#1b2430;border-radius:0 0 6px 6px;overflow-wrap:break-word;word-break:break-word\">\n<p class=\"eyebrow\" style=\"margin:0 0 4px;font-size:14px;line-height:1.5;color:#56616f\">Town Reading Day</p>\n<h1 class=\"h1\" style=\"margin:0 0 16px;font-size:26px;line-height:1.25;font-weight:bold;color:#1b2430\">How many readers? Then and now</h1>\n<p style=\"margin:0 0 16px\">In 1990: 900. Now: 4,100.</p>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"part\" style=\"padding:16px 16px 4px;border:1px solid #d5dbe3;border-radius:6px;color:#1b2430\">\n<h2 class=\"label\" style=\"margin:0 0 8px;font-size:17px;line-height:1.3;font-weight:bold\">Then</h2>\n<p style=\"margin:0 0 4px\">&ldquo;The town has 900 members today, and room for each one of them.&rdquo;</p>\n<p class=\"attribution\" style=\"margin:0 0 12px;font-size:14px;line-height:1.5;color:#56616f\">The founders, founding letter, 1990</p>\n</td>\n</tr></table>\n<div style=\"height:12px;line-height:12px;font-size:1px\">&nbsp;</div>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"part_now\" style=\"padding:16px 16px 4px;border:1px solid #1f4e8c;border-radius:6px;color:#1b2430;background-color:#eaf1fb\">\n<h2 class=\"label\" style=\"margin:0 0 8px;font-size:17px;line-height:1.3;font-weight:bold\">Now</h2>\n<p style=\"margin:0 0 4px\">the town library had 4,100 members at the end of 2025.</p>\n<p class=\"attribution\" style=\"margin:0 0 12px;font-size:14px;line-height:1.5;color:#56616f\">\nSource: <a class=\"link\" href=\"https://library.example/report-2025\" style=\"color:#1f4e8c;text-decoration:underline\">Annual Report 2025</a>, Town Library, February 2026.\n</p>\n</td>\n</tr></table>\n<div style=\"height:20px;line-height:20px;font-size:1px\">&nbsp;</div>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"help\" style=\"padding:20px 20px 4px;background-color:#eaf1fb;color:#1b2430;border:2px solid #1f4e8c;border-radius:6px\">\n<h2 class=\"help_title\" style=\"margin:0 0 12px;font-size:20px;line-height:1.3;font-weight:bold;color:#1b2430\">Help</h2>\n<p class=\"digits\" style=\"margin:0;font-size:28px;line-height:1.3;font-weight:bold;color:#1b2430\"><a class=\"link\" href=\"tel:+15550100199\" style=\"color:#1f4e8c;text-decoration:underline\">1-555-010-0199</a></p>\n<p class=\"help_line\" style=\"margin:0;font-size:15px;line-height:1.45;color:#1b2430\">\n<strong>Library desk.</strong> Questions about books, cards and events.\n</p>\n<p class=\"help_hours\" style=\"margin:0 0 16px;font-size:14px;line-height:1.5;color:#56616f\">\nMonday to Friday, 9 to 17. English.\n</p>\n</td>\n</tr></table>\n<div style=\"height:20px;line-height:20px;font-size:1px\">&nbsp;</div>\n</td></tr>\n<tr><td class=\"foot\" align=\"left\" style=\"padding:20px 16px 0;font-size:14px;line-height:1.5;color:#56616f\">\n<p class=\"only-in-mail\" style=\"margin:0 0 16px\">You get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.</p>\n<p style=\"margin:0 0 16px\"><a class=\"link\" href=\"%preferences_url%\" style=\"color:#1f4e8c;text-decoration:underline\">Get fewer of these emails, or pause them</a>.<br>\n<a class=\"link\" href=\"%unsubscribe_url%\" style=\"color:#1f4e8c;text-decoration:underline\">Stop these emails</a>.</p>\n<p class=\"only-in-mail\" style=\"margin:0 0 16px\"><a class=\"link\" href=\"https://news.example.org/archive/2027-03-10\" style=\"color:#1f4e8c;text-decoration:underline\">Read this email in a browser</a>.</p>\n<p class=\"only-in-mail\" style=\"margin:0 0 16px\">If someone checks this inbox, use a safer device to read about this or to look for help.</p>\n<p class=\"only-in-mail\" style=\"margin:0 0 16px\">A reply reaches Example Coalition. It is not a help line and may be read late; use the numbers above for help.</p>\n<p style=\"margin:0 0 16px\">Example Coalition<br>1 Example Street, Example Town, EX 00000</p>\n</td></tr>\n</table>\n</td>\n</tr></table>\n</body>\n</html>\n", "list_id": "Reading Week <reading-week.news.example.org>", "parts": [], "preheader": "", "reply_to": "hello@example.org", "subject": "How many readers? Then and now", "text": "Reading Week\nDay 3 of 3, Wednesday 10 March 2027\n\nTown Reading Day\n\nHow many readers? Then and now\n==============================\n\nIn 1990: 900. Now: 4,100.\n\nThen\n----\n\n“The town has 900 members today, and room for each one of them.”\nThe founders, founding letter, 1990\n\nNow\n---\n\nthe town library had 4,100 members at the end of 2025.\nSource: Annual Report 2025, Town Library, February 2026.\nhttps://library.example/report-2025\n\nHelp\n----\n\n1-555-010-0199\n  Library desk. Questions about books, cards and events. Monday to\n  Friday, 9 to 17. English.\n\n------------------------------------------------------------------------\n\nYou get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.\n\nGet fewer of these emails, or pause them:\n%preferences_url%\n\nStop these emails:\n%unsubscribe_url%\n\nRead this email in a browser:\nhttps://news.example.org/archive/2027-03-10\n\nIf someone checks this inbox, use a safer device to read about this or\nto look for help.\n\nA reply reaches Example Coalition. It is not a help line and may be read\nlate; use the numbers above for help.\n\nExample Coalition\n1 Example Street, Example Town, EX 00000\n", "tokens": ["%unsubscribe_url%", "%preferences_url%"], "type": "EmailBody"}, "campaign": "reading-week", "channel": "email", "claims": ["members-1990", "members-2025"], "contacts": ["desk-phone"], "due_at": "2027-03-10T12:30:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "kind": "then-now", "links": ["https://library.example/report-2025", "https://news.example.org/archive/2027-03-10"], "on": "2027-03-10", "quotations": ["founding-letter#L2"], "rests_on": {"claim:members-1990": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "claim:members-2025": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de", "source:founding-letter": "a86bbacd2670de2fa7b55a69d3ea9bcd55748b01af676e965fe7c773438dae6b"}, "season": 2027}');
INSERT INTO "messages" VALUES('7ec9a632161a6e86aaa0caa79998789295740cb3d6b8d8824d7fd0679dc316aa','{"audience": "", "body": {"alt_text": "", "characters": 61, "contains_url": false, "limit": 280, "text": "900 readers in 1990, 4,100 now.\n\nLibrary desk: 1-555-010-0199", "type": "PostBody"}, "campaign": "reading-week", "channel": "x", "claims": ["members-1990", "members-2025"], "contacts": ["desk-phone"], "due_at": "2027-03-10T15:00:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "kind": "then-now", "links": [], "on": "2027-03-10", "quotations": [], "rests_on": {"claim:members-1990": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "claim:members-2025": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
CREATE TABLE packets (
	campaign VARCHAR(200) NOT NULL, 
	season INTEGER NOT NULL, 
	edition VARCHAR(64) NOT NULL, 
	made_at DATETIME NOT NULL, 
	held TEXT NOT NULL, 
	CONSTRAINT pk_packets PRIMARY KEY (campaign, season, edition)
);
CREATE TABLE people (
	id INTEGER NOT NULL, 
	name VARCHAR(200) NOT NULL, 
	name_key VARCHAR(200) NOT NULL, 
	role VARCHAR(100) NOT NULL, 
	password TEXT, 
	created_at DATETIME NOT NULL, 
	created_by VARCHAR(200) NOT NULL, 
	disabled_at DATETIME, 
	CONSTRAINT pk_people PRIMARY KEY (id), 
	CONSTRAINT uq_people_name_key UNIQUE (name_key)
);
INSERT INTO "people" VALUES(1,'Ada','ada','coordinator',NULL,'2027-03-01 14:03:01.089271','Ada',NULL);
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
INSERT INTO "recipients" VALUES(1,'2176487beed1962d672184dee5b5e8a5',1,NULL,NULL);
INSERT INTO "recipients" VALUES(1,'f0e3f26ddddb1260750e41be369fdcf9',1,NULL,NULL);
INSERT INTO "recipients" VALUES(1,'f0e3f26de644d0622ae4e45382bb2e87',1,NULL,NULL);
INSERT INTO "recipients" VALUES(1,'f0e3f26df28fffbcc9627d9bd71f2eeb',1,NULL,NULL);
INSERT INTO "recipients" VALUES(3,'2176487beed1962d672184dee5b5e8a5',1,NULL,NULL);
INSERT INTO "recipients" VALUES(3,'f0e3f26ddddb1260750e41be369fdcf9',1,NULL,NULL);
INSERT INTO "recipients" VALUES(3,'f0e3f26de644d0622ae4e45382bb2e87',1,NULL,NULL);
INSERT INTO "recipients" VALUES(3,'f0e3f26df28fffbcc9627d9bd71f2eeb',1,NULL,NULL);
INSERT INTO "recipients" VALUES(5,'2176487beed1962d672184dee5b5e8a5',1,NULL,NULL);
INSERT INTO "recipients" VALUES(5,'f0e3f26ddddb1260750e41be369fdcf9',1,NULL,NULL);
INSERT INTO "recipients" VALUES(5,'f0e3f26de644d0622ae4e45382bb2e87',1,NULL,NULL);
INSERT INTO "recipients" VALUES(5,'f0e3f26df28fffbcc9627d9bd71f2eeb',1,NULL,NULL);
CREATE TABLE sessions (
	id INTEGER NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	person_id INTEGER NOT NULL, 
	how VARCHAR(16) NOT NULL, 
	started_at DATETIME NOT NULL, 
	last_look_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	CONSTRAINT pk_sessions PRIMARY KEY (id), 
	CONSTRAINT fk_sessions_person_id FOREIGN KEY(person_id) REFERENCES people (id), 
	CONSTRAINT uq_sessions_token_hash UNIQUE (token_hash)
);
CREATE TABLE sign_in_links (
	token_hash VARCHAR(64) NOT NULL, 
	person_id INTEGER NOT NULL, 
	made_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	CONSTRAINT pk_sign_in_links PRIMARY KEY (token_hash), 
	CONSTRAINT fk_sign_in_links_person_id FOREIGN KEY(person_id) REFERENCES people (id)
)
 WITHOUT ROWID

;
CREATE TABLE sign_in_tries (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	name_hash VARCHAR(64) NOT NULL, 
	network_hash VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_sign_in_tries PRIMARY KEY (id)
);
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
INSERT INTO "subscribers" VALUES('f0e3f26ddddb1260750e41be369fdcf9','ann@example.org','ann@example.org','Ann','','active','import readers.csv','2027-03-01 14:00:01.723494','daily','2027-03-01 14:00:01.723494',NULL,NULL);
INSERT INTO "subscribers" VALUES('f0e3f26df28fffbcc9627d9bd71f2eeb','ben@example.org','ben@example.org','Ben','America/Chicago','active','import readers.csv','2027-03-01 14:00:01.723494','daily','2027-03-01 14:00:01.723494',NULL,NULL);
INSERT INTO "subscribers" VALUES('f0e3f26de644d0622ae4e45382bb2e87','cleo@example.org','cleo@example.org','','','active','import readers.csv','2027-03-01 14:00:01.723494','daily','2027-03-01 14:00:01.723494',NULL,NULL);
INSERT INTO "subscribers" VALUES('f0e3f26dca2b3c76aee19da08eb24f5f','dan@example.org','dan@example.org','Dan','','left','import readers.csv','2027-03-01 14:00:01.723494','daily','2027-03-01 14:00:01.723494',NULL,NULL);
INSERT INTO "subscribers" VALUES('f0e3f26d045eadfde9015cb1d74d7f9a','','erased:f0e3f26d045eadfde9015cb1d74d7f9a','','','erased','','2027-03-01 14:00:01.723494','daily','2027-03-01 14:00:01.723494',NULL,NULL);
INSERT INTO "subscribers" VALUES('2176487beed1962d672184dee5b5e8a5','fay@example.org','fay@example.org','','','active','added by Ada','2027-03-01 14:01:01.353407','daily','2027-03-01 14:01:01.353407',NULL,NULL);
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
INSERT INTO "suppressions" VALUES('dan@example.org','f0e3f26dca2b3c76aee19da08eb24f5f','list','','2027-03-01 14:00:00.000000');
CREATE INDEX ix_approvals_campaign_season_item_channel ON approvals (campaign, season, item, channel);
CREATE INDEX ix_sessions_person_id ON sessions (person_id);
CREATE INDEX ix_sign_in_tries_name_hash ON sign_in_tries (name_hash);
CREATE INDEX ix_sign_in_tries_network_hash ON sign_in_tries (network_hash);
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
CREATE INDEX ix_file_edits_campaign_kind_record ON file_edits (campaign, kind, record);
CREATE INDEX ix_batches_state ON batches (state);
CREATE INDEX ix_batches_send_id ON batches (send_id);
CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
CREATE TRIGGER consents_no_update BEFORE UPDATE ON consents BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
CREATE TRIGGER consents_no_delete BEFORE DELETE ON consents BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
COMMIT;
