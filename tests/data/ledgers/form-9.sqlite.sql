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
INSERT INTO "approvals" VALUES(1,'reading-week',2027,'why-we-read','email','d0922498f415af54a75b2468429dff1a5399b0619b592cde1ff1634cdd0367b5','Grace','coordinator','','2027-03-01 14:11:01.017111',NULL,'');
INSERT INTO "approvals" VALUES(2,'reading-week',2027,'why-we-read','x','a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490','Grace','coordinator','','2027-03-01 14:11:01.046433',NULL,'');
INSERT INTO "approvals" VALUES(3,'reading-week',2027,'a-book-a-day','email','a6f5c4ec633a190c3e84ad6aba53235502a35757f41e47a63237c66a22755b07','Grace','coordinator','','2027-03-01 14:11:01.050327',NULL,'');
INSERT INTO "approvals" VALUES(4,'reading-week',2027,'a-book-a-day','x','984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992','Grace','coordinator','','2027-03-01 14:11:01.066401',NULL,'');
INSERT INTO "approvals" VALUES(5,'reading-week',2027,'then-and-now','email','a6ac361e7b0d21cc0f0cca17b74d8dbf6846d9183ac2159dc44d766eb59f7911','Grace','coordinator','','2027-03-01 14:11:01.072098',NULL,'');
INSERT INTO "approvals" VALUES(6,'reading-week',2027,'then-and-now','x','7ec9a632161a6e86aaa0caa79998789295740cb3d6b8d8824d7fd0679dc316aa','Grace','coordinator','','2027-03-01 14:11:01.075214',NULL,'');
INSERT INTO "approvals" VALUES(7,'reading-week',2027,'why-we-read','email','d0922498f415af54a75b2468429dff1a5399b0619b592cde1ff1634cdd0367b5','Ada','coordinator','','2027-03-01 14:12:01.292894',NULL,'');
INSERT INTO "approvals" VALUES(8,'reading-week',2027,'why-we-read','x','a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490','Ada','coordinator','','2027-03-01 14:12:01.317646',NULL,'');
INSERT INTO "approvals" VALUES(9,'reading-week',2027,'a-book-a-day','email','a6f5c4ec633a190c3e84ad6aba53235502a35757f41e47a63237c66a22755b07','Ada','coordinator','','2027-03-01 14:12:01.328002',NULL,'');
INSERT INTO "approvals" VALUES(10,'reading-week',2027,'a-book-a-day','x','984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992','Ada','coordinator','','2027-03-01 14:12:01.334391',NULL,'');
INSERT INTO "approvals" VALUES(11,'reading-week',2027,'then-and-now','email','a6ac361e7b0d21cc0f0cca17b74d8dbf6846d9183ac2159dc44d766eb59f7911','Ada','coordinator','','2027-03-01 14:12:01.338516',NULL,'');
INSERT INTO "approvals" VALUES(12,'reading-week',2027,'then-and-now','x','7ec9a632161a6e86aaa0caa79998789295740cb3d6b8d8824d7fd0679dc316aa','Ada','coordinator','','2027-03-01 14:12:01.345246',NULL,'');
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
INSERT INTO "armings" VALUES(1,'reading-week',2027,'Ada','2027-03-01 14:15:01.051001','',NULL);
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
INSERT INTO "attempts" VALUES('a7591cd0875fb7cd7e31a4b513cb3cf8',1,1,'2027-03-08 15:05:00.454586','old-host:31802','d0922498f415af54a75b2468429dff1a5399b0619b592cde1ff1634cdd0367b5','fbf1c125a79b7a19cd852cf3c82480a4',4,'2027-03-08 15:05:00.469480','accepted',NULL,'rehearsal-fbf1c125a79b7a19cd852cf3c82480a4-f7f3ec68f4','rehearsed, not sent');
INSERT INTO "attempts" VALUES('8e8073093ecf3b50fe759e1d4717959e',2,1,'2027-03-09 15:05:00.955998','old-host:31850','a6f5c4ec633a190c3e84ad6aba53235502a35757f41e47a63237c66a22755b07','5805ab61cc93ffc68929177382f7d4ee',4,'2027-03-09 15:05:00.979674','accepted',NULL,'rehearsal-5805ab61cc93ffc68929177382f7d4ee-2d32c240bd','rehearsed, not sent');
INSERT INTO "attempts" VALUES('7d6d9f457b35470a99910208118c9c86',3,1,'2027-03-09 15:05:01.008189','old-host:31850','984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992','text:c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5fbf73f66b',0,'2027-03-09 15:05:01.021183','accepted',NULL,'rehearsal-text-c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5-68a654e99d','rehearsed, not sent');
INSERT INTO "attempts" VALUES('635ed052c9c12a8fd11373ebe5b4ecbb',4,1,'2027-03-10 15:05:00.782507','old-host:31867','a6ac361e7b0d21cc0f0cca17b74d8dbf6846d9183ac2159dc44d766eb59f7911','ec66cad5fe45a6afefce1cde72d87f0a',4,'2027-03-10 15:05:00.805771','accepted',NULL,'rehearsal-ec66cad5fe45a6afefce1cde72d87f0a-46f79157cd','rehearsed, not sent');
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
INSERT INTO "batches" VALUES(1,1,1,'ba4f29d4e3f229f9d06f6fdfdf2849d3','d01fef1ce0e5efa07fc9ed0faec82610',4,0,'sent','fbf1c125a79b7a19cd852cf3c82480a4','2027-03-08 12:30:00.000000',NULL,'',0,'2027-03-08 15:05:00.444329',1,'a7591cd0875fb7cd7e31a4b513cb3cf8','d0922498f415af54a75b2468429dff1a5399b0619b592cde1ff1634cdd0367b5','fbf1c125a79b7a19cd852cf3c82480a4','2027-03-08 15:05:00.454586','2027-03-08 15:06:40.454586','old-host:31802','rehearsal-fbf1c125a79b7a19cd852cf3c82480a4-f7f3ec68f4','rehearsed, not sent',0,0,'2027-03-08 15:05:50.454586');
INSERT INTO "batches" VALUES(2,3,1,'ba4f29d4e3f229f9d06f6fdfdf2849d3','d01fef1ce0e5efa07fc9ed0faec82610',4,0,'sent','5805ab61cc93ffc68929177382f7d4ee','2027-03-09 12:30:00.000000',NULL,'',0,'2027-03-09 15:05:00.938607',1,'8e8073093ecf3b50fe759e1d4717959e','a6f5c4ec633a190c3e84ad6aba53235502a35757f41e47a63237c66a22755b07','5805ab61cc93ffc68929177382f7d4ee','2027-03-09 15:05:00.955998','2027-03-09 15:06:40.955998','old-host:31850','rehearsal-5805ab61cc93ffc68929177382f7d4ee-2d32c240bd','rehearsed, not sent',0,0,'2027-03-09 15:05:50.955998');
INSERT INTO "batches" VALUES(3,4,1,'','',1,0,'sent','e7c3bbdae838a24e5b23ce8255328dfc','2027-03-09 15:00:00.000000',NULL,'',0,'2027-03-09 15:05:01.002624',1,'7d6d9f457b35470a99910208118c9c86','984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992','text:c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5fbf73f66b','2027-03-09 15:05:01.008189','2027-03-09 15:06:41.008189','old-host:31850','rehearsal-text-c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5-68a654e99d','rehearsed, not sent',0,0,'2027-03-09 15:05:51.008189');
INSERT INTO "batches" VALUES(4,5,1,'ba4f29d4e3f229f9d06f6fdfdf2849d3','d01fef1ce0e5efa07fc9ed0faec82610',4,0,'sent','ec66cad5fe45a6afefce1cde72d87f0a','2027-03-10 12:30:00.000000',NULL,'',0,'2027-03-10 15:05:00.770716',1,'635ed052c9c12a8fd11373ebe5b4ecbb','a6ac361e7b0d21cc0f0cca17b74d8dbf6846d9183ac2159dc44d766eb59f7911','ec66cad5fe45a6afefce1cde72d87f0a','2027-03-10 15:05:00.782507','2027-03-10 15:06:40.782507','old-host:31867','rehearsal-ec66cad5fe45a6afefce1cde72d87f0a-46f79157cd','rehearsed, not sent',0,0,'2027-03-10 15:05:50.782507');
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
INSERT INTO "comments" VALUES(1,'reading-week',2027,'why-we-read','','Grace','coordinator','comment',NULL,'Good','2027-03-01 14:10:01.604259');
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
INSERT INTO "consents" VALUES(1,'','import readers.csv','2027-03-01 14:00:02.536721','import','on a list of readers that the organisation brought in','','');
INSERT INTO "consents" VALUES(2,'ba4f29d4e3f229f9d06f6fdfdf2849d3','','2027-03-01 14:01:00.948879','added','asked to be on the list','','Ada');
INSERT INTO "consents" VALUES(3,'d01fef1cd8343a592763b7de7a038e5b','','2027-03-01 14:02:00.856247','withdrawn','erased from the list','','Ada');
INSERT INTO "consents" VALUES(4,'d01fef1c41d117a22e51e75fe37be434','','2027-03-01 14:00:00.000000','withdrawn','left the list: list','','');
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
INSERT INTO "deliveries" VALUES(1,'rehearsal','reading-week',2027,'why-we-read','email','email','2027-03-08','2027-03-08 12:30:00.000000','2027-03-09 05:00:00.000000','sent','d0922498f415af54a75b2468429dff1a5399b0619b592cde1ff1634cdd0367b5','live would have refused: the mode is "rehearsal"',4,'d01fef1ce0e5efa07fc9ed0faec82610','','2027-03-08 15:05:00.426310',NULL,'2027-03-08 15:05:00.469480');
INSERT INTO "deliveries" VALUES(2,'rehearsal','reading-week',2027,'why-we-read','x','post','2027-03-08','2027-03-08 17:00:00.000000','2027-03-09 05:00:00.000000','missed','','its window closed before it could go: nothing ran, or nothing could be sent, while it was open',0,'','',NULL,NULL,'2027-03-09 15:05:00.808557');
INSERT INTO "deliveries" VALUES(3,'rehearsal','reading-week',2027,'a-book-a-day','email','email','2027-03-09','2027-03-09 12:30:00.000000','2027-03-10 05:00:00.000000','sent','a6f5c4ec633a190c3e84ad6aba53235502a35757f41e47a63237c66a22755b07','live would have refused: the mode is "rehearsal"',4,'d01fef1ce0e5efa07fc9ed0faec82610','','2027-03-09 15:05:00.909100',NULL,'2027-03-09 15:05:00.979674');
INSERT INTO "deliveries" VALUES(4,'rehearsal','reading-week',2027,'a-book-a-day','x','post','2027-03-09','2027-03-09 15:00:00.000000','2027-03-10 05:00:00.000000','sent','984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992','live would have refused: the mode is "rehearsal"',1,'','','2027-03-09 15:05:00.989485',NULL,'2027-03-09 15:05:01.021183');
INSERT INTO "deliveries" VALUES(5,'rehearsal','reading-week',2027,'then-and-now','email','email','2027-03-10','2027-03-10 12:30:00.000000','2027-03-11 05:00:00.000000','sent','a6ac361e7b0d21cc0f0cca17b74d8dbf6846d9183ac2159dc44d766eb59f7911','live would have refused: the mode is "rehearsal"',4,'d01fef1ce0e5efa07fc9ed0faec82610','','2027-03-10 15:05:00.743491',NULL,'2027-03-10 15:05:00.805771');
INSERT INTO "deliveries" VALUES(6,'rehearsal','reading-week',2027,'then-and-now','x','post','2027-03-10','2027-03-10 15:00:00.000000','2027-03-11 05:00:00.000000','scheduled','','held by Ada since 2027-03-09 17:00 UTC: strike',0,'','',NULL,NULL,'2027-03-10 15:05:00.820113');
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
INSERT INTO "events" VALUES(1,'2027-03-01 14:01:00.948879','subscriber.added','Ada',NULL,'{"barred_before": "", "subscriber": "ba4f29d4e3f229f9d06f6fdfdf2849d3"}','0000000000000000000000000000000000000000000000000000000000000000','d7991a1e7b002e3c476f367612836eb58f367930d83da192be0982da706474e2');
INSERT INTO "events" VALUES(2,'2027-03-01 14:02:00.856247','subscriber.erased','Ada',NULL,'{"subscriber": "d01fef1cd8343a592763b7de7a038e5b"}','d7991a1e7b002e3c476f367612836eb58f367930d83da192be0982da706474e2','b04a296e9986bf1a04ddf621614c6a26a44cd741bc1ab05eb719487f6327fafc');
INSERT INTO "events" VALUES(3,'2027-03-01 14:00:00.000000','subscriber.left','reader',NULL,'{"subscriber": "d01fef1c41d117a22e51e75fe37be434", "why": "list"}','b04a296e9986bf1a04ddf621614c6a26a44cd741bc1ab05eb719487f6327fafc','ce6c53e7d4f05c642df209e437c470f8700db1862f5631e199145723f3d12201');
INSERT INTO "events" VALUES(4,'2027-03-01 14:03:00.316553','person.added','Ada',NULL,'{"name": "Ada", "role": "coordinator"}','ce6c53e7d4f05c642df209e437c470f8700db1862f5631e199145723f3d12201','86cc49af7ed1aa80383ba05961869db5edd49c727d8a272ca3e2f5899df34cf6');
INSERT INTO "events" VALUES(5,'2027-03-01 14:05:00.362814','record.signed','Ada',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-2025"}','86cc49af7ed1aa80383ba05961869db5edd49c727d8a272ca3e2f5899df34cf6','15f2c463bd68280ce8e344afbe1a4610ef0c6172619bce02813fc0155e42224a');
INSERT INTO "events" VALUES(6,'2027-03-01 14:05:00.389600','record.signed','Ada',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-1990"}','15f2c463bd68280ce8e344afbe1a4610ef0c6172619bce02813fc0155e42224a','fe8ffd20fbd19fe1a0ab47b02022172c4a9d51a8cd5c80d1c8fe2f5c4310f884');
INSERT INTO "events" VALUES(7,'2027-03-01 14:06:00.390842','record.signed','Ada',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "contact", "subject_id": "desk-phone"}','fe8ffd20fbd19fe1a0ab47b02022172c4a9d51a8cd5c80d1c8fe2f5c4310f884','fad8d3b28cb2a057284f4247fb6f32f1b99a4478a344047cf93a5a3c1749acc5');
INSERT INTO "events" VALUES(8,'2027-03-01 14:07:00.436731','record.signed','Grace',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-2025"}','fad8d3b28cb2a057284f4247fb6f32f1b99a4478a344047cf93a5a3c1749acc5','6661960c9abc8e94b5829ac8a78496735bdf11fe3d33174497eec7ded1ba6052');
INSERT INTO "events" VALUES(9,'2027-03-01 14:07:00.452160','record.signed','Grace',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-1990"}','6661960c9abc8e94b5829ac8a78496735bdf11fe3d33174497eec7ded1ba6052','271fe3604bcd4f20b1722f6d4169e38bf83acd1a7020d5cead79522254dd9da0');
INSERT INTO "events" VALUES(10,'2027-03-01 14:08:01.148160','record.signed','Grace',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "contact", "subject_id": "desk-phone"}','271fe3604bcd4f20b1722f6d4169e38bf83acd1a7020d5cead79522254dd9da0','d25c542bd9b76ec8f8df8173cebc1c0ada0bccf82426bceedfc3bb8acea35e54');
INSERT INTO "events" VALUES(11,'2027-03-01 14:10:01.604259','comment.added','Grace',NULL,'{"campaign": "reading-week", "channel": "", "comment": 1, "item": "why-we-read", "role": "coordinator", "season": 2027}','d25c542bd9b76ec8f8df8173cebc1c0ada0bccf82426bceedfc3bb8acea35e54','717777fa9a83803423db734f5a6149453c361a3470ec9859c9435b0662dc4770');
INSERT INTO "events" VALUES(12,'2027-03-01 14:11:01.017111','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "d0922498f415af54a75b2468429dff1a5399b0619b592cde1ff1634cdd0367b5", "item": "why-we-read", "role": "coordinator", "season": 2027}','717777fa9a83803423db734f5a6149453c361a3470ec9859c9435b0662dc4770','187149b8fde516a0b2a549c703b96b99130111acbfb9ab0b80c397ddb99f39e4');
INSERT INTO "events" VALUES(13,'2027-03-01 14:11:01.046433','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490", "item": "why-we-read", "role": "coordinator", "season": 2027}','187149b8fde516a0b2a549c703b96b99130111acbfb9ab0b80c397ddb99f39e4','944f8dddedf48bd0dd59df5e11e561431dfc253531f16449cab2d20148697a2b');
INSERT INTO "events" VALUES(14,'2027-03-01 14:11:01.050327','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "a6f5c4ec633a190c3e84ad6aba53235502a35757f41e47a63237c66a22755b07", "item": "a-book-a-day", "role": "coordinator", "season": 2027}','944f8dddedf48bd0dd59df5e11e561431dfc253531f16449cab2d20148697a2b','95588dd23fb239bf842c6c0971e41eeec68597c9ea98cd7b2dfbe72bd5437d95');
INSERT INTO "events" VALUES(15,'2027-03-01 14:11:01.066401','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992", "item": "a-book-a-day", "role": "coordinator", "season": 2027}','95588dd23fb239bf842c6c0971e41eeec68597c9ea98cd7b2dfbe72bd5437d95','05077a08861cabb8c1468050f758f0ca380efb9d971864aae9940ee29a02a273');
INSERT INTO "events" VALUES(16,'2027-03-01 14:11:01.072098','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "a6ac361e7b0d21cc0f0cca17b74d8dbf6846d9183ac2159dc44d766eb59f7911", "item": "then-and-now", "role": "coordinator", "season": 2027}','05077a08861cabb8c1468050f758f0ca380efb9d971864aae9940ee29a02a273','7b1f08a3c02eb1097d75a9e1ddde624566f540d6caf43446d322db533a1d7add');
INSERT INTO "events" VALUES(17,'2027-03-01 14:11:01.075214','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "7ec9a632161a6e86aaa0caa79998789295740cb3d6b8d8824d7fd0679dc316aa", "item": "then-and-now", "role": "coordinator", "season": 2027}','7b1f08a3c02eb1097d75a9e1ddde624566f540d6caf43446d322db533a1d7add','43af1ebfd4faeb094d213e7e906a8ece683b524daf2a438045eab1c50bc6bc21');
INSERT INTO "events" VALUES(18,'2027-03-01 14:12:01.292894','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "d0922498f415af54a75b2468429dff1a5399b0619b592cde1ff1634cdd0367b5", "item": "why-we-read", "role": "coordinator", "season": 2027}','43af1ebfd4faeb094d213e7e906a8ece683b524daf2a438045eab1c50bc6bc21','58a39b1239c981706c216717000ec02bb4b495afe597619e38c62082ae14c046');
INSERT INTO "events" VALUES(19,'2027-03-01 14:12:01.317646','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490", "item": "why-we-read", "role": "coordinator", "season": 2027}','58a39b1239c981706c216717000ec02bb4b495afe597619e38c62082ae14c046','5c7ec65a6a0e32ea5dbe52c27f81b6f3b29efc2be3f3f6520c06b2cd871889c9');
INSERT INTO "events" VALUES(20,'2027-03-01 14:12:01.328002','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "a6f5c4ec633a190c3e84ad6aba53235502a35757f41e47a63237c66a22755b07", "item": "a-book-a-day", "role": "coordinator", "season": 2027}','5c7ec65a6a0e32ea5dbe52c27f81b6f3b29efc2be3f3f6520c06b2cd871889c9','99376abb26f6f29a1d399eb3291705a6c4f3aa7f9f6a0b53adeebfc3746c0980');
INSERT INTO "events" VALUES(21,'2027-03-01 14:12:01.334391','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992", "item": "a-book-a-day", "role": "coordinator", "season": 2027}','99376abb26f6f29a1d399eb3291705a6c4f3aa7f9f6a0b53adeebfc3746c0980','ca7118247e82588663bcc170e364c4ea7170fb5524a03ff652274e3cd1aa3b02');
INSERT INTO "events" VALUES(22,'2027-03-01 14:12:01.338516','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "a6ac361e7b0d21cc0f0cca17b74d8dbf6846d9183ac2159dc44d766eb59f7911", "item": "then-and-now", "role": "coordinator", "season": 2027}','ca7118247e82588663bcc170e364c4ea7170fb5524a03ff652274e3cd1aa3b02','4f90524ab987331710b031499e44277187405356eca951384ba788a063fbb249');
INSERT INTO "events" VALUES(23,'2027-03-01 14:12:01.345246','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "7ec9a632161a6e86aaa0caa79998789295740cb3d6b8d8824d7fd0679dc316aa", "item": "then-and-now", "role": "coordinator", "season": 2027}','4f90524ab987331710b031499e44277187405356eca951384ba788a063fbb249','b79522560ceef27251c360e804033689890d474fb6e634b97212b5f86f794cfa');
INSERT INTO "events" VALUES(24,'2027-03-01 14:15:01.051001','season.armed','Ada',NULL,'{"campaign": "reading-week", "season": 2027}','b79522560ceef27251c360e804033689890d474fb6e634b97212b5f86f794cfa','a36cd56d4f081367e0322e59c9bd82d601d97572efbde0685f52e806dbd44bd0');
INSERT INTO "events" VALUES(25,'2027-03-01 14:16:00.711980','delivery.planned','plan',1,'{"campaign": "reading-week", "channel": "email", "due_at": "2027-03-08T12:30:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "mode": "rehearsal", "season": 2027}','a36cd56d4f081367e0322e59c9bd82d601d97572efbde0685f52e806dbd44bd0','128997e3d731b8d0bf1025f5afcef42fde94b3074396cfd17f9e7be53689c676');
INSERT INTO "events" VALUES(26,'2027-03-01 14:16:00.711980','delivery.planned','plan',2,'{"campaign": "reading-week", "channel": "x", "due_at": "2027-03-08T17:00:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "mode": "rehearsal", "season": 2027}','128997e3d731b8d0bf1025f5afcef42fde94b3074396cfd17f9e7be53689c676','31990c59c83d6a5b15b1f37afc5dce0859c271c46c00aa89c2159f7a175900fe');
INSERT INTO "events" VALUES(27,'2027-03-01 14:16:00.711980','delivery.planned','plan',3,'{"campaign": "reading-week", "channel": "email", "due_at": "2027-03-09T12:30:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "mode": "rehearsal", "season": 2027}','31990c59c83d6a5b15b1f37afc5dce0859c271c46c00aa89c2159f7a175900fe','43da2bada39ee7fcce65e4734e11535798954e58bc4fb8b15e66df5b6a9034da');
INSERT INTO "events" VALUES(28,'2027-03-01 14:16:00.711980','delivery.planned','plan',4,'{"campaign": "reading-week", "channel": "x", "due_at": "2027-03-09T15:00:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "mode": "rehearsal", "season": 2027}','43da2bada39ee7fcce65e4734e11535798954e58bc4fb8b15e66df5b6a9034da','e151107db10958052e5f9a775bf50fcf7177598849535ea6c615679b2151cb3f');
INSERT INTO "events" VALUES(29,'2027-03-01 14:16:00.711980','delivery.planned','plan',5,'{"campaign": "reading-week", "channel": "email", "due_at": "2027-03-10T12:30:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "mode": "rehearsal", "season": 2027}','e151107db10958052e5f9a775bf50fcf7177598849535ea6c615679b2151cb3f','3e61df64bbc173240e607685421f6677762012090f0488244a3859c19bb5d8aa');
INSERT INTO "events" VALUES(30,'2027-03-01 14:16:00.711980','delivery.planned','plan',6,'{"campaign": "reading-week", "channel": "x", "due_at": "2027-03-10T15:00:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "mode": "rehearsal", "season": 2027}','3e61df64bbc173240e607685421f6677762012090f0488244a3859c19bb5d8aa','6d1b8314d9eb416467f951d3ec67e8523dd7e3215a15b1ad2a0ccfc5b187e4dc');
INSERT INTO "events" VALUES(31,'2027-03-08 15:05:00.426310','delivery.opened','tick',1,'{"frozen": 4}','6d1b8314d9eb416467f951d3ec67e8523dd7e3215a15b1ad2a0ccfc5b187e4dc','0d8104fdbbcc558633c940e8af700fc5cb3d27d9795db913278d020925a54501');
INSERT INTO "events" VALUES(32,'2027-03-08 15:05:00.454586','attempt.begun','tick',1,'{"attempt": 1, "batch": 1, "digest": "d0922498f415af54a75b2468429dff1a5399b0619b592cde1ff1634cdd0367b5", "node": "old-host:31802", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 4, "token": "a7591cd0875fb7cd7e31a4b513cb3cf8"}','0d8104fdbbcc558633c940e8af700fc5cb3d27d9795db913278d020925a54501','fd55d889915798e939e07e2ea40df327a9b2f7890e56b4aba0d59cd1d6c278a1');
INSERT INTO "events" VALUES(33,'2027-03-08 15:05:00.469480','attempt.accepted','tick',1,'{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-fbf1c125a79b7a19cd852cf3c82480a4-f7f3ec68f4", "retry_at": null, "status": null, "token": "a7591cd0875fb7cd7e31a4b513cb3cf8"}','fd55d889915798e939e07e2ea40df327a9b2f7890e56b4aba0d59cd1d6c278a1','819d042d3d31388c9e7c4d720f49e926f32a18fec5c68735569323a2616d2859');
INSERT INTO "events" VALUES(34,'2027-03-09 15:05:00.808557','delivery.missed','tick',2,'{"channel": "x", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "why": "nothing ran, or nothing could be sent, while it was open"}','819d042d3d31388c9e7c4d720f49e926f32a18fec5c68735569323a2616d2859','c4a4ed9cd954b457ba81a279fbeb2bebbbeecb0be4185e4e70d8bb4706d53581');
INSERT INTO "events" VALUES(35,'2027-03-09 15:05:00.909100','delivery.opened','tick',3,'{"frozen": 4}','c4a4ed9cd954b457ba81a279fbeb2bebbbeecb0be4185e4e70d8bb4706d53581','afabc5fa704f0f78e7712f1ae110ad89fb7111aa1237bfe5d11b5967ea484308');
INSERT INTO "events" VALUES(36,'2027-03-09 15:05:00.955998','attempt.begun','tick',3,'{"attempt": 1, "batch": 1, "digest": "a6f5c4ec633a190c3e84ad6aba53235502a35757f41e47a63237c66a22755b07", "node": "old-host:31850", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 4, "token": "8e8073093ecf3b50fe759e1d4717959e"}','afabc5fa704f0f78e7712f1ae110ad89fb7111aa1237bfe5d11b5967ea484308','96230a014381bf06f45fad69398cacf6220709f3c1bf584a5c2957b170401db8');
INSERT INTO "events" VALUES(37,'2027-03-09 15:05:00.979674','attempt.accepted','tick',3,'{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-5805ab61cc93ffc68929177382f7d4ee-2d32c240bd", "retry_at": null, "status": null, "token": "8e8073093ecf3b50fe759e1d4717959e"}','96230a014381bf06f45fad69398cacf6220709f3c1bf584a5c2957b170401db8','511ee19292c2da36be544048227a4dad2d8dd36f46730907c8f4f51753fe174b');
INSERT INTO "events" VALUES(38,'2027-03-09 15:05:00.989485','delivery.opened','tick',4,'{"frozen": 1}','511ee19292c2da36be544048227a4dad2d8dd36f46730907c8f4f51753fe174b','0190632f33885b9df2f9a403ac49a74fec8d974e6a90af335d67f2e648fcd804');
INSERT INTO "events" VALUES(39,'2027-03-09 15:05:01.008189','attempt.begun','tick',4,'{"attempt": 1, "batch": 1, "digest": "984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992", "node": "old-host:31850", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 0, "token": "7d6d9f457b35470a99910208118c9c86"}','0190632f33885b9df2f9a403ac49a74fec8d974e6a90af335d67f2e648fcd804','bc8242463436d19dad5902ad2882d2a5bf7ac02743e8b6ea409d25a4688c7dcf');
INSERT INTO "events" VALUES(40,'2027-03-09 15:05:01.021183','attempt.accepted','tick',4,'{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-text-c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5-68a654e99d", "retry_at": null, "status": null, "token": "7d6d9f457b35470a99910208118c9c86"}','bc8242463436d19dad5902ad2882d2a5bf7ac02743e8b6ea409d25a4688c7dcf','def78ce609b6787b3bd128da1580ab5af173c489213212825472be9d7377954a');
INSERT INTO "events" VALUES(41,'2027-03-09 17:00:00.426213','hold.set','Ada',NULL,'{"channel": "x", "why": "strike"}','def78ce609b6787b3bd128da1580ab5af173c489213212825472be9d7377954a','be85fee517360b9d7b29a979814b7d7212411d819e2df4ae6c0e254432d304f9');
INSERT INTO "events" VALUES(42,'2027-03-10 15:05:00.743491','delivery.opened','tick',5,'{"frozen": 4}','be85fee517360b9d7b29a979814b7d7212411d819e2df4ae6c0e254432d304f9','5166edd906f660179b5558ee1efcb6472509b6ac642107c559ccefca6375eff4');
INSERT INTO "events" VALUES(43,'2027-03-10 15:05:00.782507','attempt.begun','tick',5,'{"attempt": 1, "batch": 1, "digest": "a6ac361e7b0d21cc0f0cca17b74d8dbf6846d9183ac2159dc44d766eb59f7911", "node": "old-host:31867", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 4, "token": "635ed052c9c12a8fd11373ebe5b4ecbb"}','5166edd906f660179b5558ee1efcb6472509b6ac642107c559ccefca6375eff4','b1bff3df28e85d4d193ca8da99ada6acb14abe540cb8f3a7fe6fac288857d905');
INSERT INTO "events" VALUES(44,'2027-03-10 15:05:00.805771','attempt.accepted','tick',5,'{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-ec66cad5fe45a6afefce1cde72d87f0a-46f79157cd", "retry_at": null, "status": null, "token": "635ed052c9c12a8fd11373ebe5b4ecbb"}','b1bff3df28e85d4d193ca8da99ada6acb14abe540cb8f3a7fe6fac288857d905','4df59df4fb0faf5b3f816c17a8e94f0257dac7f17f40f8db6dbd1862665c2ed8');
INSERT INTO "events" VALUES(45,'2027-03-10 15:05:00.820113','delivery.waits','tick',6,'{"why": "held by Ada since 2027-03-09 17:00 UTC: strike"}','4df59df4fb0faf5b3f816c17a8e94f0257dac7f17f40f8db6dbd1862665c2ed8','e64db5bb48ab0a1a5d41e4971af6d07a182947130a9f376e0a8f6aef343bbac9');
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
INSERT INTO "hashed_suppressions" VALUES('655939ca3b28e2790e876c2f8094b236bcaa5d687b0a63549bcc1724d7bbb202','d01fef1cd8343a592763b7de7a038e5b','erased','erased','2027-03-01 14:02:00.856247');
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
INSERT INTO "holds" VALUES(1,'x','Ada','strike','2027-03-09 17:00:00.426213','',NULL);
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
INSERT INTO "ledger" VALUES(1,'aea371cc90d1ea812c851127baff0548',45,'e64db5bb48ab0a1a5d41e4971af6d07a182947130a9f376e0a8f6aef343bbac9',NULL);
CREATE TABLE letters (
	id INTEGER NOT NULL, 
	subscriber_id VARCHAR(64) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	asked_at DATETIME NOT NULL, 
	tries INTEGER DEFAULT '0' NOT NULL, 
	try_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	why TEXT DEFAULT '' NOT NULL, 
	CONSTRAINT pk_letters PRIMARY KEY (id), 
	CONSTRAINT ck_letters_kind CHECK (kind IN ('confirm', 'welcome', 'already-there')), 
	CONSTRAINT ck_letters_state CHECK (state IN ('waiting', 'sending', 'sent', 'unknown', 'given-up'))
);
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
INSERT INTO "people" VALUES(1,'Ada','ada','coordinator',NULL,'2027-03-01 14:03:00.316553','Ada',NULL);
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
INSERT INTO "recipients" VALUES(1,'ba4f29d4e3f229f9d06f6fdfdf2849d3',1,NULL,NULL);
INSERT INTO "recipients" VALUES(1,'d01fef1c5093ad801b89678ae6976ce8',1,NULL,NULL);
INSERT INTO "recipients" VALUES(1,'d01fef1c6217f33f4a40ba5c8b0e987d',1,NULL,NULL);
INSERT INTO "recipients" VALUES(1,'d01fef1ce0e5efa07fc9ed0faec82610',1,NULL,NULL);
INSERT INTO "recipients" VALUES(3,'ba4f29d4e3f229f9d06f6fdfdf2849d3',1,NULL,NULL);
INSERT INTO "recipients" VALUES(3,'d01fef1c5093ad801b89678ae6976ce8',1,NULL,NULL);
INSERT INTO "recipients" VALUES(3,'d01fef1c6217f33f4a40ba5c8b0e987d',1,NULL,NULL);
INSERT INTO "recipients" VALUES(3,'d01fef1ce0e5efa07fc9ed0faec82610',1,NULL,NULL);
INSERT INTO "recipients" VALUES(5,'ba4f29d4e3f229f9d06f6fdfdf2849d3',1,NULL,NULL);
INSERT INTO "recipients" VALUES(5,'d01fef1c5093ad801b89678ae6976ce8',1,NULL,NULL);
INSERT INTO "recipients" VALUES(5,'d01fef1c6217f33f4a40ba5c8b0e987d',1,NULL,NULL);
INSERT INTO "recipients" VALUES(5,'d01fef1ce0e5efa07fc9ed0faec82610',1,NULL,NULL);
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
INSERT INTO "subscribers" VALUES('d01fef1c5093ad801b89678ae6976ce8','ann@example.org','ann@example.org','Ann','','active','import readers.csv','2027-03-01 14:00:02.536721','daily','2027-03-01 14:00:02.536721',NULL,NULL);
INSERT INTO "subscribers" VALUES('d01fef1ce0e5efa07fc9ed0faec82610','ben@example.org','ben@example.org','Ben','America/Chicago','active','import readers.csv','2027-03-01 14:00:02.536721','daily','2027-03-01 14:00:02.536721',NULL,NULL);
INSERT INTO "subscribers" VALUES('d01fef1c6217f33f4a40ba5c8b0e987d','cleo@example.org','cleo@example.org','','','active','import readers.csv','2027-03-01 14:00:02.536721','daily','2027-03-01 14:00:02.536721',NULL,NULL);
INSERT INTO "subscribers" VALUES('d01fef1c41d117a22e51e75fe37be434','dan@example.org','dan@example.org','Dan','','left','import readers.csv','2027-03-01 14:00:02.536721','daily','2027-03-01 14:00:02.536721',NULL,NULL);
INSERT INTO "subscribers" VALUES('d01fef1cd8343a592763b7de7a038e5b','','erased:d01fef1cd8343a592763b7de7a038e5b','','','erased','','2027-03-01 14:00:02.536721','daily','2027-03-01 14:00:02.536721',NULL,NULL);
INSERT INTO "subscribers" VALUES('ba4f29d4e3f229f9d06f6fdfdf2849d3','fay@example.org','fay@example.org','','','active','added by Ada','2027-03-01 14:01:00.948879','daily','2027-03-01 14:01:00.948879',NULL,NULL);
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
INSERT INTO "suppressions" VALUES('dan@example.org','d01fef1c41d117a22e51e75fe37be434','list','','2027-03-01 14:00:00.000000');
CREATE INDEX ix_approvals_campaign_season_item_channel ON approvals (campaign, season, item, channel);
CREATE INDEX ix_sessions_person_id ON sessions (person_id);
CREATE INDEX ix_sign_in_tries_name_hash ON sign_in_tries (name_hash);
CREATE INDEX ix_sign_in_tries_network_hash ON sign_in_tries (network_hash);
CREATE INDEX ix_armings_campaign_season ON armings (campaign, season);
CREATE INDEX ix_deliveries_mode_state_due_at ON deliveries (mode, state, due_at);
CREATE INDEX ix_events_delivery_id ON events (delivery_id);
CREATE INDEX ix_receipts_received_at ON receipts (received_at);
CREATE INDEX ix_consents_subscriber_id ON consents (subscriber_id);
CREATE INDEX ix_letters_state_try_at ON letters (state, try_at);
CREATE INDEX ix_letters_subscriber_id ON letters (subscriber_id);
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
