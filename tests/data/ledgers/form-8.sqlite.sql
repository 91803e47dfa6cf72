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
INSERT INTO "approvals" VALUES(1,'reading-week',2027,'why-we-read','email','d0922498f415af54a75b2468429dff1a5399b0619b592cde1ff1634cdd0367b5','Grace','coordinator','','2027-03-01 14:11:01.167218',NULL,'');
INSERT INTO "approvals" VALUES(2,'reading-week',2027,'why-we-read','x','a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490','Grace','coordinator','','2027-03-01 14:11:01.177442',NULL,'');
INSERT INTO "approvals" VALUES(3,'reading-week',2027,'a-book-a-day','email','a6f5c4ec633a190c3e84ad6aba53235502a35757f41e47a63237c66a22755b07','Grace','coordinator','','2027-03-01 14:11:01.182035',NULL,'');
INSERT INTO "approvals" VALUES(4,'reading-week',2027,'a-book-a-day','x','984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992','Grace','coordinator','','2027-03-01 14:11:01.183765',NULL,'');
INSERT INTO "approvals" VALUES(5,'reading-week',2027,'then-and-now','email','a6ac361e7b0d21cc0f0cca17b74d8dbf6846d9183ac2159dc44d766eb59f7911','Grace','coordinator','','2027-03-01 14:11:01.185389',NULL,'');
INSERT INTO "approvals" VALUES(6,'reading-week',2027,'then-and-now','x','7ec9a632161a6e86aaa0caa79998789295740cb3d6b8d8824d7fd0679dc316aa','Grace','coordinator','','2027-03-01 14:11:01.187006',NULL,'');
INSERT INTO "approvals" VALUES(7,'reading-week',2027,'why-we-read','email','d0922498f415af54a75b2468429dff1a5399b0619b592cde1ff1634cdd0367b5','Ada','coordinator','','2027-03-01 14:12:00.659642',NULL,'');
INSERT INTO "approvals" VALUES(8,'reading-week',2027,'why-we-read','x','a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490','Ada','coordinator','','2027-03-01 14:12:00.671885',NULL,'');
INSERT INTO "approvals" VALUES(9,'reading-week',2027,'a-book-a-day','email','a6f5c4ec633a190c3e84ad6aba53235502a35757f41e47a63237c66a22755b07','Ada','coordinator','','2027-03-01 14:12:00.673622',NULL,'');
INSERT INTO "approvals" VALUES(10,'reading-week',2027,'a-book-a-day','x','984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992','Ada','coordinator','','2027-03-01 14:12:00.687204',NULL,'');
INSERT INTO "approvals" VALUES(11,'reading-week',2027,'then-and-now','email','a6ac361e7b0d21cc0f0cca17b74d8dbf6846d9183ac2159dc44d766eb59f7911','Ada','coordinator','','2027-03-01 14:12:00.699391',NULL,'');
INSERT INTO "approvals" VALUES(12,'reading-week',2027,'then-and-now','x','7ec9a632161a6e86aaa0caa79998789295740cb3d6b8d8824d7fd0679dc316aa','Ada','coordinator','','2027-03-01 14:12:00.711293',NULL,'');
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
INSERT INTO "armings" VALUES(1,'reading-week',2027,'Ada','2027-03-01 14:15:00.557529','',NULL);
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
INSERT INTO "attempts" VALUES('aae83558d413643ad8fa5447576f0823',1,1,'2027-03-08 15:05:00.578257','old-host:31343','d0922498f415af54a75b2468429dff1a5399b0619b592cde1ff1634cdd0367b5','2a4e73a42de97b336d2512922b0087e0',4,'2027-03-08 15:05:00.600545','accepted',NULL,'rehearsal-2a4e73a42de97b336d2512922b0087e0-30ecfb41b4','rehearsed, not sent');
INSERT INTO "attempts" VALUES('9b4d9915bc38e8508c2159b5649cf927',2,1,'2027-03-09 15:05:00.689207','old-host:31348','a6f5c4ec633a190c3e84ad6aba53235502a35757f41e47a63237c66a22755b07','75c5dc7a0d061909d3664c921e64456b',4,'2027-03-09 15:05:00.708749','accepted',NULL,'rehearsal-75c5dc7a0d061909d3664c921e64456b-344515e3ab','rehearsed, not sent');
INSERT INTO "attempts" VALUES('46c3b7d14c9ec821380f46752dd17344',3,1,'2027-03-09 15:05:00.729444','old-host:31348','984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992','text:c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5fbf73f66b',0,'2027-03-09 15:05:00.736831','accepted',NULL,'rehearsal-text-c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5-68a654e99d','rehearsed, not sent');
INSERT INTO "attempts" VALUES('2551211da736c653c7c16410f895c87f',4,1,'2027-03-10 15:05:01.423128','old-host:31377','a6ac361e7b0d21cc0f0cca17b74d8dbf6846d9183ac2159dc44d766eb59f7911','84cf2e5ab17e71e394d27509387a83d3',4,'2027-03-10 15:05:01.467617','accepted',NULL,'rehearsal-84cf2e5ab17e71e394d27509387a83d3-9e0ca5cef9','rehearsed, not sent');
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
INSERT INTO "batches" VALUES(1,1,1,'1b0ddad1dc4f38df85e4e960a89e1800','dab5ee2c6f0d6560272a612125196cea',4,0,'sent','2a4e73a42de97b336d2512922b0087e0','2027-03-08 12:30:00.000000',NULL,'',0,'2027-03-08 15:05:00.537255',1,'aae83558d413643ad8fa5447576f0823','d0922498f415af54a75b2468429dff1a5399b0619b592cde1ff1634cdd0367b5','2a4e73a42de97b336d2512922b0087e0','2027-03-08 15:05:00.578257','2027-03-08 15:06:40.578257','old-host:31343','rehearsal-2a4e73a42de97b336d2512922b0087e0-30ecfb41b4','rehearsed, not sent',0,0,'2027-03-08 15:05:50.578257');
INSERT INTO "batches" VALUES(2,3,1,'1b0ddad1dc4f38df85e4e960a89e1800','dab5ee2c6f0d6560272a612125196cea',4,0,'sent','75c5dc7a0d061909d3664c921e64456b','2027-03-09 12:30:00.000000',NULL,'',0,'2027-03-09 15:05:00.668429',1,'9b4d9915bc38e8508c2159b5649cf927','a6f5c4ec633a190c3e84ad6aba53235502a35757f41e47a63237c66a22755b07','75c5dc7a0d061909d3664c921e64456b','2027-03-09 15:05:00.689207','2027-03-09 15:06:40.689207','old-host:31348','rehearsal-75c5dc7a0d061909d3664c921e64456b-344515e3ab','rehearsed, not sent',0,0,'2027-03-09 15:05:50.689207');
INSERT INTO "batches" VALUES(3,4,1,'','',1,0,'sent','bc37884962bcb117bd990b0fcb5c1ab3','2027-03-09 15:00:00.000000',NULL,'',0,'2027-03-09 15:05:00.724193',1,'46c3b7d14c9ec821380f46752dd17344','984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992','text:c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5fbf73f66b','2027-03-09 15:05:00.729444','2027-03-09 15:06:40.729444','old-host:31348','rehearsal-text-c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5-68a654e99d','rehearsed, not sent',0,0,'2027-03-09 15:05:50.729444');
INSERT INTO "batches" VALUES(4,5,1,'1b0ddad1dc4f38df85e4e960a89e1800','dab5ee2c6f0d6560272a612125196cea',4,0,'sent','84cf2e5ab17e71e394d27509387a83d3','2027-03-10 12:30:00.000000',NULL,'',0,'2027-03-10 15:05:01.393760',1,'2551211da736c653c7c16410f895c87f','a6ac361e7b0d21cc0f0cca17b74d8dbf6846d9183ac2159dc44d766eb59f7911','84cf2e5ab17e71e394d27509387a83d3','2027-03-10 15:05:01.423128','2027-03-10 15:06:41.423128','old-host:31377','rehearsal-84cf2e5ab17e71e394d27509387a83d3-9e0ca5cef9','rehearsed, not sent',0,0,'2027-03-10 15:05:51.423128');
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
INSERT INTO "comments" VALUES(1,'reading-week',2027,'why-we-read','','Grace','coordinator','comment',NULL,'Good','2027-03-01 14:10:01.232323');
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
INSERT INTO "consents" VALUES(1,'','import readers.csv','2027-03-01 14:00:02.367295','import','on a list of readers that the organisation brought in','','');
INSERT INTO "consents" VALUES(2,'1b0ddad1dc4f38df85e4e960a89e1800','','2027-03-01 14:01:00.403139','added','asked to be on the list','','Ada');
INSERT INTO "consents" VALUES(3,'dab5ee2c1126829010d2af0b5d24bea4','','2027-03-01 14:02:00.666339','withdrawn','erased from the list','','Ada');
INSERT INTO "consents" VALUES(4,'dab5ee2c6ce3cee4adb96e8cf5f91362','','2027-03-01 14:00:00.000000','withdrawn','left the list: list','','');
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
	skipped_at DATETIME, 
	changed_at DATETIME NOT NULL, 
	CONSTRAINT pk_deliveries PRIMARY KEY (id), 
	CONSTRAINT ck_deliveries_mode CHECK (mode IN ('rehearsal', 'live')), 
	CONSTRAINT ck_deliveries_state CHECK (state IN ('scheduled', 'held', 'sending', 'sent', 'failed', 'unknown', 'missed', 'skipped', 'cancelled')), 
	CONSTRAINT uq_deliveries_mode_campaign_season_item_channel UNIQUE (mode, campaign, season, item, channel)
);
INSERT INTO "deliveries" VALUES(1,'rehearsal','reading-week',2027,'why-we-read','email','email','2027-03-08','2027-03-08 12:30:00.000000','2027-03-09 05:00:00.000000','sent','d0922498f415af54a75b2468429dff1a5399b0619b592cde1ff1634cdd0367b5','live would have refused: the mode is "rehearsal"',4,'dab5ee2c6f0d6560272a612125196cea','','2027-03-08 15:05:00.488241',NULL,'2027-03-08 15:05:00.600545');
INSERT INTO "deliveries" VALUES(2,'rehearsal','reading-week',2027,'why-we-read','x','post','2027-03-08','2027-03-08 17:00:00.000000','2027-03-09 05:00:00.000000','missed','','its window closed before it could go: nothing ran, or nothing could be sent, while it was open',0,'','',NULL,NULL,'2027-03-09 15:05:00.524181');
INSERT INTO "deliveries" VALUES(3,'rehearsal','reading-week',2027,'a-book-a-day','email','email','2027-03-09','2027-03-09 12:30:00.000000','2027-03-10 05:00:00.000000','sent','a6f5c4ec633a190c3e84ad6aba53235502a35757f41e47a63237c66a22755b07','live would have refused: the mode is "rehearsal"',4,'dab5ee2c6f0d6560272a612125196cea','','2027-03-09 15:05:00.639138',NULL,'2027-03-09 15:05:00.708749');
INSERT INTO "deliveries" VALUES(4,'rehearsal','reading-week',2027,'a-book-a-day','x','post','2027-03-09','2027-03-09 15:00:00.000000','2027-03-10 05:00:00.000000','sent','984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992','live would have refused: the mode is "rehearsal"',1,'','','2027-03-09 15:05:00.718061',NULL,'2027-03-09 15:05:00.736831');
INSERT INTO "deliveries" VALUES(5,'rehearsal','reading-week',2027,'then-and-now','email','email','2027-03-10','2027-03-10 12:30:00.000000','2027-03-11 05:00:00.000000','sent','a6ac361e7b0d21cc0f0cca17b74d8dbf6846d9183ac2159dc44d766eb59f7911','live would have refused: the mode is "rehearsal"',4,'dab5ee2c6f0d6560272a612125196cea','','2027-03-10 15:05:01.322360',NULL,'2027-03-10 15:05:01.467617');
INSERT INTO "deliveries" VALUES(6,'rehearsal','reading-week',2027,'then-and-now','x','post','2027-03-10','2027-03-10 15:00:00.000000','2027-03-11 05:00:00.000000','scheduled','','held by Ada since 2027-03-09 17:00 UTC: strike',0,'','',NULL,NULL,'2027-03-10 15:05:01.481267');
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
INSERT INTO "events" VALUES(1,'2027-03-01 14:01:00.403139','subscriber.added','Ada',NULL,'{"barred_before": "", "subscriber": "1b0ddad1dc4f38df85e4e960a89e1800"}','0000000000000000000000000000000000000000000000000000000000000000','c3f23e508b609c209d98f5d2f96497990c513a1d09c12a54651a626b2e78916b');
INSERT INTO "events" VALUES(2,'2027-03-01 14:02:00.666339','subscriber.erased','Ada',NULL,'{"subscriber": "dab5ee2c1126829010d2af0b5d24bea4"}','c3f23e508b609c209d98f5d2f96497990c513a1d09c12a54651a626b2e78916b','218c8378fe13df50c4716aa4d2bb9f21a435fdc713edd355c1472782b1dd217c');
INSERT INTO "events" VALUES(3,'2027-03-01 14:00:00.000000','subscriber.left','reader',NULL,'{"subscriber": "dab5ee2c6ce3cee4adb96e8cf5f91362", "why": "list"}','218c8378fe13df50c4716aa4d2bb9f21a435fdc713edd355c1472782b1dd217c','a0a9205502414e1c66fdf21a7d040f8e8ad1abe4a5da459e6580563101c081b5');
INSERT INTO "events" VALUES(4,'2027-03-01 14:03:01.335218','person.added','Ada',NULL,'{"name": "Ada", "role": "coordinator"}','a0a9205502414e1c66fdf21a7d040f8e8ad1abe4a5da459e6580563101c081b5','5a8a3dbd7268772ef5d36f6f77f21d96165348d345b1682d9cba7320386e706a');
INSERT INTO "events" VALUES(5,'2027-03-01 14:05:00.972336','record.signed','Ada',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-2025"}','5a8a3dbd7268772ef5d36f6f77f21d96165348d345b1682d9cba7320386e706a','3f400caa9f20319f85cfa8b5cee2c8955eca3f1cd3ccd6b680a7f1ea603b0c0d');
INSERT INTO "events" VALUES(6,'2027-03-01 14:05:01.021279','record.signed','Ada',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-1990"}','3f400caa9f20319f85cfa8b5cee2c8955eca3f1cd3ccd6b680a7f1ea603b0c0d','fce907e2f073c0c261812142fc81b24ca77249bdcf52e866568f202ad1b94787');
INSERT INTO "events" VALUES(7,'2027-03-01 14:06:01.121112','record.signed','Ada',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "contact", "subject_id": "desk-phone"}','fce907e2f073c0c261812142fc81b24ca77249bdcf52e866568f202ad1b94787','b03555546bcf2a7819cd7bb466b1fc542af0e55cae9e1c521f3155339bf8b3f6');
INSERT INTO "events" VALUES(8,'2027-03-01 14:07:00.549527','record.signed','Grace',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-2025"}','b03555546bcf2a7819cd7bb466b1fc542af0e55cae9e1c521f3155339bf8b3f6','6d163ed0cb364c2e351b1794e7f98f7c42aeb091cbdbd1a080dbafbc615ce450');
INSERT INTO "events" VALUES(9,'2027-03-01 14:07:00.556466','record.signed','Grace',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-1990"}','6d163ed0cb364c2e351b1794e7f98f7c42aeb091cbdbd1a080dbafbc615ce450','7dfda9222882fa8d0751128256d6f703487ef0fa16d8e33c363735838294b3b6');
INSERT INTO "events" VALUES(10,'2027-03-01 14:08:00.359060','record.signed','Grace',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "contact", "subject_id": "desk-phone"}','7dfda9222882fa8d0751128256d6f703487ef0fa16d8e33c363735838294b3b6','000afc7aa81155775697b9829d6504dcbe5e6ba5e25f641b40ba8fc1a06ff3df');
INSERT INTO "events" VALUES(11,'2027-03-01 14:10:01.232323','comment.added','Grace',NULL,'{"campaign": "reading-week", "channel": "", "comment": 1, "item": "why-we-read", "role": "coordinator", "season": 2027}','000afc7aa81155775697b9829d6504dcbe5e6ba5e25f641b40ba8fc1a06ff3df','191534727a57db197214667d8c43f5a9abc7022baa93aa4a508d48b6aaa21a02');
INSERT INTO "events" VALUES(12,'2027-03-01 14:11:01.167218','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "d0922498f415af54a75b2468429dff1a5399b0619b592cde1ff1634cdd0367b5", "item": "why-we-read", "role": "coordinator", "season": 2027}','191534727a57db197214667d8c43f5a9abc7022baa93aa4a508d48b6aaa21a02','197083daababd6a3b7ec71fbab6b02cb577e33d98f9e43d692646c2cc63b984c');
INSERT INTO "events" VALUES(13,'2027-03-01 14:11:01.177442','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490", "item": "why-we-read", "role": "coordinator", "season": 2027}','197083daababd6a3b7ec71fbab6b02cb577e33d98f9e43d692646c2cc63b984c','68f4c6f3c166857a24832652676eed80251f4de99c65b108e5f427c4fdf6c85f');
INSERT INTO "events" VALUES(14,'2027-03-01 14:11:01.182035','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "a6f5c4ec633a190c3e84ad6aba53235502a35757f41e47a63237c66a22755b07", "item": "a-book-a-day", "role": "coordinator", "season": 2027}','68f4c6f3c166857a24832652676eed80251f4de99c65b108e5f427c4fdf6c85f','288adf162dcd9fadb7e1940ca8042145a551a2f95a692fa2f76c63f873582d9b');
INSERT INTO "events" VALUES(15,'2027-03-01 14:11:01.183765','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992", "item": "a-book-a-day", "role": "coordinator", "season": 2027}','288adf162dcd9fadb7e1940ca8042145a551a2f95a692fa2f76c63f873582d9b','94ee512b4da4338408740d1173aa5273d193a33a4dd1acef0553c319618e25d2');
INSERT INTO "events" VALUES(16,'2027-03-01 14:11:01.185389','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "a6ac361e7b0d21cc0f0cca17b74d8dbf6846d9183ac2159dc44d766eb59f7911", "item": "then-and-now", "role": "coordinator", "season": 2027}','94ee512b4da4338408740d1173aa5273d193a33a4dd1acef0553c319618e25d2','00090fd110f761227dd72920bb84ceea29fa51b8c24dc8a774e3bdfbb29f2755');
INSERT INTO "events" VALUES(17,'2027-03-01 14:11:01.187006','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "7ec9a632161a6e86aaa0caa79998789295740cb3d6b8d8824d7fd0679dc316aa", "item": "then-and-now", "role": "coordinator", "season": 2027}','00090fd110f761227dd72920bb84ceea29fa51b8c24dc8a774e3bdfbb29f2755','fc8718981c058ae45b414447b080dcd63124c3ef9b8ebb145e6bc4d32e26e2d9');
INSERT INTO "events" VALUES(18,'2027-03-01 14:12:00.659642','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "d0922498f415af54a75b2468429dff1a5399b0619b592cde1ff1634cdd0367b5", "item": "why-we-read", "role": "coordinator", "season": 2027}','fc8718981c058ae45b414447b080dcd63124c3ef9b8ebb145e6bc4d32e26e2d9','dc625c293da7537a94a49c08d021923b7f83f79a39c254d80e9f4b45df2eb64c');
INSERT INTO "events" VALUES(19,'2027-03-01 14:12:00.671885','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490", "item": "why-we-read", "role": "coordinator", "season": 2027}','dc625c293da7537a94a49c08d021923b7f83f79a39c254d80e9f4b45df2eb64c','606fc7bca20c72c7c0ed1139a7d8578d2282bc03a72626bd2a219f5dbecc4b3a');
INSERT INTO "events" VALUES(20,'2027-03-01 14:12:00.673622','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "a6f5c4ec633a190c3e84ad6aba53235502a35757f41e47a63237c66a22755b07", "item": "a-book-a-day", "role": "coordinator", "season": 2027}','606fc7bca20c72c7c0ed1139a7d8578d2282bc03a72626bd2a219f5dbecc4b3a','85cf12ebb3473c0906364ba121b24f767f179c108fcf036839cc328d7eee0943');
INSERT INTO "events" VALUES(21,'2027-03-01 14:12:00.687204','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992", "item": "a-book-a-day", "role": "coordinator", "season": 2027}','85cf12ebb3473c0906364ba121b24f767f179c108fcf036839cc328d7eee0943','145381b31c639943d28e09b4eefd1ffafce739e952208e562915ed12b79a287e');
INSERT INTO "events" VALUES(22,'2027-03-01 14:12:00.699391','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "a6ac361e7b0d21cc0f0cca17b74d8dbf6846d9183ac2159dc44d766eb59f7911", "item": "then-and-now", "role": "coordinator", "season": 2027}','145381b31c639943d28e09b4eefd1ffafce739e952208e562915ed12b79a287e','da6f1ac04192e03fb6bebaafec66e355745dcb950fd9d78dbe42fc00d9aed551');
INSERT INTO "events" VALUES(23,'2027-03-01 14:12:00.711293','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "7ec9a632161a6e86aaa0caa79998789295740cb3d6b8d8824d7fd0679dc316aa", "item": "then-and-now", "role": "coordinator", "season": 2027}','da6f1ac04192e03fb6bebaafec66e355745dcb950fd9d78dbe42fc00d9aed551','4454b9f049fdbf394226b5bccc8a2885ed8228f9d7a1659f54463334ececb707');
INSERT INTO "events" VALUES(24,'2027-03-01 14:15:00.557529','season.armed','Ada',NULL,'{"campaign": "reading-week", "season": 2027}','4454b9f049fdbf394226b5bccc8a2885ed8228f9d7a1659f54463334ececb707','83a1503228b176e18512e2c6c847c65f9743e20bdd0c150ff1341606cad1b9e5');
INSERT INTO "events" VALUES(25,'2027-03-01 14:16:00.774661','delivery.planned','plan',1,'{"campaign": "reading-week", "channel": "email", "due_at": "2027-03-08T12:30:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "mode": "rehearsal", "season": 2027}','83a1503228b176e18512e2c6c847c65f9743e20bdd0c150ff1341606cad1b9e5','c0a14f3a82a0f2f3d7723b3061bfef3cd315f243b95387cbfa1d60457279cd84');
INSERT INTO "events" VALUES(26,'2027-03-01 14:16:00.774661','delivery.planned','plan',2,'{"campaign": "reading-week", "channel": "x", "due_at": "2027-03-08T17:00:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "mode": "rehearsal", "season": 2027}','c0a14f3a82a0f2f3d7723b3061bfef3cd315f243b95387cbfa1d60457279cd84','12b46cb22384d39139470f07d653463838502af353557a67a65885476489dbf5');
INSERT INTO "events" VALUES(27,'2027-03-01 14:16:00.774661','delivery.planned','plan',3,'{"campaign": "reading-week", "channel": "email", "due_at": "2027-03-09T12:30:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "mode": "rehearsal", "season": 2027}','12b46cb22384d39139470f07d653463838502af353557a67a65885476489dbf5','2113642867c2e8916732ab38af1de106c723b613d4bbced327848a3159952ae2');
INSERT INTO "events" VALUES(28,'2027-03-01 14:16:00.774661','delivery.planned','plan',4,'{"campaign": "reading-week", "channel": "x", "due_at": "2027-03-09T15:00:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "mode": "rehearsal", "season": 2027}','2113642867c2e8916732ab38af1de106c723b613d4bbced327848a3159952ae2','35a641cf74569b2cb244efcc2af82813710f5143c5e06ed4fc89b7fcfc832e85');
INSERT INTO "events" VALUES(29,'2027-03-01 14:16:00.774661','delivery.planned','plan',5,'{"campaign": "reading-week", "channel": "email", "due_at": "2027-03-10T12:30:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "mode": "rehearsal", "season": 2027}','35a641cf74569b2cb244efcc2af82813710f5143c5e06ed4fc89b7fcfc832e85','e2e1b675adfa9aa9ddb0c00b785929d53de24105c51102d64875ab0d43636016');
INSERT INTO "events" VALUES(30,'2027-03-01 14:16:00.774661','delivery.planned','plan',6,'{"campaign": "reading-week", "channel": "x", "due_at": "2027-03-10T15:00:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "mode": "rehearsal", "season": 2027}','e2e1b675adfa9aa9ddb0c00b785929d53de24105c51102d64875ab0d43636016','8ffb40d92abdb9231796c12b045332bc4edb8f508bbdbd06cf6c8935eda38c52');
INSERT INTO "events" VALUES(31,'2027-03-08 15:05:00.488241','delivery.opened','tick',1,'{"frozen": 4}','8ffb40d92abdb9231796c12b045332bc4edb8f508bbdbd06cf6c8935eda38c52','4c26c5f744bf83f99985171db4bfedd2177289b325c914d49750634908cd8937');
INSERT INTO "events" VALUES(32,'2027-03-08 15:05:00.578257','attempt.begun','tick',1,'{"attempt": 1, "batch": 1, "digest": "d0922498f415af54a75b2468429dff1a5399b0619b592cde1ff1634cdd0367b5", "node": "old-host:31343", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 4, "token": "aae83558d413643ad8fa5447576f0823"}','4c26c5f744bf83f99985171db4bfedd2177289b325c914d49750634908cd8937','ff237bee81408b856afa7e32bb56567631d7b69812d83c269782aca5e97b9f0a');
INSERT INTO "events" VALUES(33,'2027-03-08 15:05:00.600545','attempt.accepted','tick',1,'{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-2a4e73a42de97b336d2512922b0087e0-30ecfb41b4", "retry_at": null, "status": null, "token": "aae83558d413643ad8fa5447576f0823"}','ff237bee81408b856afa7e32bb56567631d7b69812d83c269782aca5e97b9f0a','04fedd176b7205aecf5a5ebf02f8220b94e0310b8fa35f49028f17b67cb64f83');
INSERT INTO "events" VALUES(34,'2027-03-09 15:05:00.524181','delivery.missed','tick',2,'{"channel": "x", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "why": "nothing ran, or nothing could be sent, while it was open"}','04fedd176b7205aecf5a5ebf02f8220b94e0310b8fa35f49028f17b67cb64f83','01b608ba0ecdcba92795e34a79aaaacf0171938c59256c83d3d09dad2c82aa4a');
INSERT INTO "events" VALUES(35,'2027-03-09 15:05:00.639138','delivery.opened','tick',3,'{"frozen": 4}','01b608ba0ecdcba92795e34a79aaaacf0171938c59256c83d3d09dad2c82aa4a','4d44cc869d6935e703939f27e18aa824297b27eb5638106951385eb8748f0162');
INSERT INTO "events" VALUES(36,'2027-03-09 15:05:00.689207','attempt.begun','tick',3,'{"attempt": 1, "batch": 1, "digest": "a6f5c4ec633a190c3e84ad6aba53235502a35757f41e47a63237c66a22755b07", "node": "old-host:31348", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 4, "token": "9b4d9915bc38e8508c2159b5649cf927"}','4d44cc869d6935e703939f27e18aa824297b27eb5638106951385eb8748f0162','31dadf44775d06a7149433929d99adc0a9983fbcf14e2288ef395106f6493661');
INSERT INTO "events" VALUES(37,'2027-03-09 15:05:00.708749','attempt.accepted','tick',3,'{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-75c5dc7a0d061909d3664c921e64456b-344515e3ab", "retry_at": null, "status": null, "token": "9b4d9915bc38e8508c2159b5649cf927"}','31dadf44775d06a7149433929d99adc0a9983fbcf14e2288ef395106f6493661','5baa9995ee51cd44f42525e15c9d609aa669b2fc801145ae6a101eb9ca36471d');
INSERT INTO "events" VALUES(38,'2027-03-09 15:05:00.718061','delivery.opened','tick',4,'{"frozen": 1}','5baa9995ee51cd44f42525e15c9d609aa669b2fc801145ae6a101eb9ca36471d','d490ca4f9c2c6bbb8c55648f4f6e7d703f08ebb7ad9da45fb375a591d660c509');
INSERT INTO "events" VALUES(39,'2027-03-09 15:05:00.729444','attempt.begun','tick',4,'{"attempt": 1, "batch": 1, "digest": "984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992", "node": "old-host:31348", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 0, "token": "46c3b7d14c9ec821380f46752dd17344"}','d490ca4f9c2c6bbb8c55648f4f6e7d703f08ebb7ad9da45fb375a591d660c509','05c26586a7c755831b7b5c7e1effbe8c87260d11a0354a44f4b5d82121ea7373');
INSERT INTO "events" VALUES(40,'2027-03-09 15:05:00.736831','attempt.accepted','tick',4,'{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-text-c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5-68a654e99d", "retry_at": null, "status": null, "token": "46c3b7d14c9ec821380f46752dd17344"}','05c26586a7c755831b7b5c7e1effbe8c87260d11a0354a44f4b5d82121ea7373','99e1ecc175738f3fd8be56f4bfd9fefdeaf4e28d5e5f08bc3434f8efc6003945');
INSERT INTO "events" VALUES(41,'2027-03-09 17:00:00.421992','hold.set','Ada',NULL,'{"channel": "x", "why": "strike"}','99e1ecc175738f3fd8be56f4bfd9fefdeaf4e28d5e5f08bc3434f8efc6003945','52cb6994c5d842bca8dc2702d3cdb59e9ae9230e3c393b1e2b7e93002cfe315b');
INSERT INTO "events" VALUES(42,'2027-03-10 15:05:01.322360','delivery.opened','tick',5,'{"frozen": 4}','52cb6994c5d842bca8dc2702d3cdb59e9ae9230e3c393b1e2b7e93002cfe315b','ad4df0468a32b2640ff085c5dfb873dcd437e15d9fdc1d068c55c38d64bdaf74');
INSERT INTO "events" VALUES(43,'2027-03-10 15:05:01.423128','attempt.begun','tick',5,'{"attempt": 1, "batch": 1, "digest": "a6ac361e7b0d21cc0f0cca17b74d8dbf6846d9183ac2159dc44d766eb59f7911", "node": "old-host:31377", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 4, "token": "2551211da736c653c7c16410f895c87f"}','ad4df0468a32b2640ff085c5dfb873dcd437e15d9fdc1d068c55c38d64bdaf74','ac954f63b0e8f5ee748b147b78d7951b843bfa15d9cba7890355e22b73681413');
INSERT INTO "events" VALUES(44,'2027-03-10 15:05:01.467617','attempt.accepted','tick',5,'{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-84cf2e5ab17e71e394d27509387a83d3-9e0ca5cef9", "retry_at": null, "status": null, "token": "2551211da736c653c7c16410f895c87f"}','ac954f63b0e8f5ee748b147b78d7951b843bfa15d9cba7890355e22b73681413','bf6913c43b52d0dc3fdec7de7ed083ec550d4dc0c72bfff78d21890fed3b5699');
INSERT INTO "events" VALUES(45,'2027-03-10 15:05:01.481267','delivery.waits','tick',6,'{"why": "held by Ada since 2027-03-09 17:00 UTC: strike"}','bf6913c43b52d0dc3fdec7de7ed083ec550d4dc0c72bfff78d21890fed3b5699','8b5e449e3e4ef1462c9256084313112eba3421ad675a9d582195c01c71361d2e');
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
INSERT INTO "hashed_suppressions" VALUES('655939ca3b28e2790e876c2f8094b236bcaa5d687b0a63549bcc1724d7bbb202','dab5ee2c1126829010d2af0b5d24bea4','erased','erased','2027-03-01 14:02:00.666339');
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
INSERT INTO "holds" VALUES(1,'x','Ada','strike','2027-03-09 17:00:00.421992','',NULL);
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
INSERT INTO "ledger" VALUES(1,'6745d0876383d94bd2a8195140502bf1',45,'8b5e449e3e4ef1462c9256084313112eba3421ad675a9d582195c01c71361d2e',NULL);
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
INSERT INTO "people" VALUES(1,'Ada','ada','coordinator',NULL,'2027-03-01 14:03:01.335218','Ada',NULL);
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
INSERT INTO "recipients" VALUES(1,'1b0ddad1dc4f38df85e4e960a89e1800',1,NULL,NULL);
INSERT INTO "recipients" VALUES(1,'dab5ee2c2b27370f276a0e37ebc69cee',1,NULL,NULL);
INSERT INTO "recipients" VALUES(1,'dab5ee2c5783b4da69953f1af46658ae',1,NULL,NULL);
INSERT INTO "recipients" VALUES(1,'dab5ee2c6f0d6560272a612125196cea',1,NULL,NULL);
INSERT INTO "recipients" VALUES(3,'1b0ddad1dc4f38df85e4e960a89e1800',1,NULL,NULL);
INSERT INTO "recipients" VALUES(3,'dab5ee2c2b27370f276a0e37ebc69cee',1,NULL,NULL);
INSERT INTO "recipients" VALUES(3,'dab5ee2c5783b4da69953f1af46658ae',1,NULL,NULL);
INSERT INTO "recipients" VALUES(3,'dab5ee2c6f0d6560272a612125196cea',1,NULL,NULL);
INSERT INTO "recipients" VALUES(5,'1b0ddad1dc4f38df85e4e960a89e1800',1,NULL,NULL);
INSERT INTO "recipients" VALUES(5,'dab5ee2c2b27370f276a0e37ebc69cee',1,NULL,NULL);
INSERT INTO "recipients" VALUES(5,'dab5ee2c5783b4da69953f1af46658ae',1,NULL,NULL);
INSERT INTO "recipients" VALUES(5,'dab5ee2c6f0d6560272a612125196cea',1,NULL,NULL);
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
INSERT INTO "subscribers" VALUES('dab5ee2c2b27370f276a0e37ebc69cee','ann@example.org','ann@example.org','Ann','','active','import readers.csv','2027-03-01 14:00:02.367295','daily','2027-03-01 14:00:02.367295',NULL,NULL);
INSERT INTO "subscribers" VALUES('dab5ee2c5783b4da69953f1af46658ae','ben@example.org','ben@example.org','Ben','America/Chicago','active','import readers.csv','2027-03-01 14:00:02.367295','daily','2027-03-01 14:00:02.367295',NULL,NULL);
INSERT INTO "subscribers" VALUES('dab5ee2c6f0d6560272a612125196cea','cleo@example.org','cleo@example.org','','','active','import readers.csv','2027-03-01 14:00:02.367295','daily','2027-03-01 14:00:02.367295',NULL,NULL);
INSERT INTO "subscribers" VALUES('dab5ee2c6ce3cee4adb96e8cf5f91362','dan@example.org','dan@example.org','Dan','','left','import readers.csv','2027-03-01 14:00:02.367295','daily','2027-03-01 14:00:02.367295',NULL,NULL);
INSERT INTO "subscribers" VALUES('dab5ee2c1126829010d2af0b5d24bea4','','erased:dab5ee2c1126829010d2af0b5d24bea4','','','erased','','2027-03-01 14:00:02.367295','daily','2027-03-01 14:00:02.367295',NULL,NULL);
INSERT INTO "subscribers" VALUES('1b0ddad1dc4f38df85e4e960a89e1800','fay@example.org','fay@example.org','','','active','added by Ada','2027-03-01 14:01:00.403139','daily','2027-03-01 14:01:00.403139',NULL,NULL);
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
INSERT INTO "suppressions" VALUES('dan@example.org','dab5ee2c6ce3cee4adb96e8cf5f91362','list','','2027-03-01 14:00:00.000000');
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
