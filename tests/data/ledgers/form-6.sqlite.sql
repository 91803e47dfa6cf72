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
INSERT INTO "approvals" VALUES(1,'reading-week',2027,'why-we-read','email','6b559f20e1a34e620019c0be3ac6858f2525157d6399fafaf836f6c506f37a4a','Grace','coordinator','','2027-03-01 14:11:01.943454',NULL,'');
INSERT INTO "approvals" VALUES(2,'reading-week',2027,'why-we-read','x','a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490','Grace','coordinator','','2027-03-01 14:11:01.984596',NULL,'');
INSERT INTO "approvals" VALUES(3,'reading-week',2027,'a-book-a-day','email','3d4aaf492c2e868e16acb32c430f53ca07064afdea3e939a51498b3b443d7d9c','Grace','coordinator','','2027-03-01 14:11:01.999935',NULL,'');
INSERT INTO "approvals" VALUES(4,'reading-week',2027,'a-book-a-day','x','984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992','Grace','coordinator','','2027-03-01 14:11:02.001911',NULL,'');
INSERT INTO "approvals" VALUES(5,'reading-week',2027,'then-and-now','email','420dd37add100a3e869a8cff33dbf91ed2b0070db511bd80c85492f1ac0fef03','Grace','coordinator','','2027-03-01 14:11:02.011802',NULL,'');
INSERT INTO "approvals" VALUES(6,'reading-week',2027,'then-and-now','x','7ec9a632161a6e86aaa0caa79998789295740cb3d6b8d8824d7fd0679dc316aa','Grace','coordinator','','2027-03-01 14:11:02.031817',NULL,'');
INSERT INTO "approvals" VALUES(7,'reading-week',2027,'why-we-read','email','6b559f20e1a34e620019c0be3ac6858f2525157d6399fafaf836f6c506f37a4a','Ada','coordinator','','2027-03-01 14:12:02.153400',NULL,'');
INSERT INTO "approvals" VALUES(8,'reading-week',2027,'why-we-read','x','a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490','Ada','coordinator','','2027-03-01 14:12:02.185981',NULL,'');
INSERT INTO "approvals" VALUES(9,'reading-week',2027,'a-book-a-day','email','3d4aaf492c2e868e16acb32c430f53ca07064afdea3e939a51498b3b443d7d9c','Ada','coordinator','','2027-03-01 14:12:02.189185',NULL,'');
INSERT INTO "approvals" VALUES(10,'reading-week',2027,'a-book-a-day','x','984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992','Ada','coordinator','','2027-03-01 14:12:02.199679',NULL,'');
INSERT INTO "approvals" VALUES(11,'reading-week',2027,'then-and-now','email','420dd37add100a3e869a8cff33dbf91ed2b0070db511bd80c85492f1ac0fef03','Ada','coordinator','','2027-03-01 14:12:02.203280',NULL,'');
INSERT INTO "approvals" VALUES(12,'reading-week',2027,'then-and-now','x','7ec9a632161a6e86aaa0caa79998789295740cb3d6b8d8824d7fd0679dc316aa','Ada','coordinator','','2027-03-01 14:12:02.207281',NULL,'');
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
INSERT INTO "armings" VALUES(1,'reading-week',2027,'Ada','2027-03-01 14:15:01.462023','',NULL);
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
INSERT INTO "attempts" VALUES('766ae5fc37d71cc05b4e7b8fccc5caf5',1,1,'2027-03-08 15:05:01.449977','old-host:29842','6b559f20e1a34e620019c0be3ac6858f2525157d6399fafaf836f6c506f37a4a','49c5ff32deec07e4ef005b9c7f8b2e49',4,'2027-03-08 15:05:01.498994','accepted',NULL,'rehearsal-49c5ff32deec07e4ef005b9c7f8b2e49-1ef952307b','rehearsed, not sent');
INSERT INTO "attempts" VALUES('fa291fff05306fe9a4fdee5bcf883d10',2,1,'2027-03-09 15:05:01.358005','old-host:29851','3d4aaf492c2e868e16acb32c430f53ca07064afdea3e939a51498b3b443d7d9c','19dea670adc7a16331340b6d6abdd929',4,'2027-03-09 15:05:01.399960','accepted',NULL,'rehearsal-19dea670adc7a16331340b6d6abdd929-d986fae2a9','rehearsed, not sent');
INSERT INTO "attempts" VALUES('73bbd8c6b0edfa26db4e70413623fc98',3,1,'2027-03-09 15:05:01.437516','old-host:29851','984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992','text:c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5fbf73f66b',0,'2027-03-09 15:05:01.447046','accepted',NULL,'rehearsal-text-c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5-68a654e99d','rehearsed, not sent');
INSERT INTO "attempts" VALUES('62f084cafd50cfece1bdbe4013568528',4,1,'2027-03-10 15:05:00.776548','old-host:29873','420dd37add100a3e869a8cff33dbf91ed2b0070db511bd80c85492f1ac0fef03','48c2217f355f65ea0375180cce9bd60e',4,'2027-03-10 15:05:00.811722','accepted',NULL,'rehearsal-48c2217f355f65ea0375180cce9bd60e-f577649dd9','rehearsed, not sent');
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
INSERT INTO "batches" VALUES(1,1,1,'11711be274fff685508e628091adfbb2','8183ad98bfd1cd86354581e98e2756a4',4,0,'sent','49c5ff32deec07e4ef005b9c7f8b2e49','2027-03-08 12:30:00.000000',NULL,'',0,'2027-03-08 15:05:01.412987',1,'766ae5fc37d71cc05b4e7b8fccc5caf5','6b559f20e1a34e620019c0be3ac6858f2525157d6399fafaf836f6c506f37a4a','49c5ff32deec07e4ef005b9c7f8b2e49','2027-03-08 15:05:01.449977','2027-03-08 15:06:41.449977','old-host:29842','rehearsal-49c5ff32deec07e4ef005b9c7f8b2e49-1ef952307b','rehearsed, not sent',0,0,'2027-03-08 15:05:51.449977');
INSERT INTO "batches" VALUES(2,3,1,'11711be274fff685508e628091adfbb2','8183ad98bfd1cd86354581e98e2756a4',4,0,'sent','19dea670adc7a16331340b6d6abdd929','2027-03-09 12:30:00.000000',NULL,'',0,'2027-03-09 15:05:01.340644',1,'fa291fff05306fe9a4fdee5bcf883d10','3d4aaf492c2e868e16acb32c430f53ca07064afdea3e939a51498b3b443d7d9c','19dea670adc7a16331340b6d6abdd929','2027-03-09 15:05:01.358005','2027-03-09 15:06:41.358005','old-host:29851','rehearsal-19dea670adc7a16331340b6d6abdd929-d986fae2a9','rehearsed, not sent',0,0,'2027-03-09 15:05:51.358005');
INSERT INTO "batches" VALUES(3,4,1,'','',1,0,'sent','70db6660699be9e5abba6cc5e223720b','2027-03-09 15:00:00.000000',NULL,'',0,'2027-03-09 15:05:01.427476',1,'73bbd8c6b0edfa26db4e70413623fc98','984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992','text:c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5fbf73f66b','2027-03-09 15:05:01.437516','2027-03-09 15:06:41.437516','old-host:29851','rehearsal-text-c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5-68a654e99d','rehearsed, not sent',0,0,'2027-03-09 15:05:51.437516');
INSERT INTO "batches" VALUES(4,5,1,'11711be274fff685508e628091adfbb2','8183ad98bfd1cd86354581e98e2756a4',4,0,'sent','48c2217f355f65ea0375180cce9bd60e','2027-03-10 12:30:00.000000',NULL,'',0,'2027-03-10 15:05:00.749980',1,'62f084cafd50cfece1bdbe4013568528','420dd37add100a3e869a8cff33dbf91ed2b0070db511bd80c85492f1ac0fef03','48c2217f355f65ea0375180cce9bd60e','2027-03-10 15:05:00.776548','2027-03-10 15:06:40.776548','old-host:29873','rehearsal-48c2217f355f65ea0375180cce9bd60e-f577649dd9','rehearsed, not sent',0,0,'2027-03-10 15:05:50.776548');
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
INSERT INTO "comments" VALUES(1,'reading-week',2027,'why-we-read','','Grace','coordinator','comment',NULL,'Good','2027-03-01 14:10:02.189784');
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
INSERT INTO "consents" VALUES(1,'','import readers.csv','2027-03-01 14:00:02.717606','import','on a list of readers that the organisation brought in','','');
INSERT INTO "consents" VALUES(2,'11711be274fff685508e628091adfbb2','','2027-03-01 14:01:01.423505','added','asked to be on the list','','Ada');
INSERT INTO "consents" VALUES(3,'8183ad98653347b22b6d8d4799d44f93','','2027-03-01 14:02:00.907079','withdrawn','erased from the list','','Ada');
INSERT INTO "consents" VALUES(4,'8183ad98000b98fe20c01b3acd62ec17','','2027-03-01 14:00:00.000000','withdrawn','left the list: list','','');
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
INSERT INTO "deliveries" VALUES(1,'rehearsal','reading-week',2027,'why-we-read','email','email','2027-03-08','2027-03-08 12:30:00.000000','2027-03-09 05:00:00.000000','sent','6b559f20e1a34e620019c0be3ac6858f2525157d6399fafaf836f6c506f37a4a','live would have refused: the mode is "rehearsal"',4,'8183ad98bfd1cd86354581e98e2756a4','','2027-03-08 15:05:01.373983','2027-03-08 15:05:01.498994');
INSERT INTO "deliveries" VALUES(2,'rehearsal','reading-week',2027,'why-we-read','x','post','2027-03-08','2027-03-08 17:00:00.000000','2027-03-09 05:00:00.000000','missed','','its window closed before it could go: nothing ran, or nothing could be sent, while it was open',0,'','',NULL,'2027-03-09 15:05:01.168177');
INSERT INTO "deliveries" VALUES(3,'rehearsal','reading-week',2027,'a-book-a-day','email','email','2027-03-09','2027-03-09 12:30:00.000000','2027-03-10 05:00:00.000000','sent','3d4aaf492c2e868e16acb32c430f53ca07064afdea3e939a51498b3b443d7d9c','live would have refused: the mode is "rehearsal"',4,'8183ad98bfd1cd86354581e98e2756a4','','2027-03-09 15:05:01.304554','2027-03-09 15:05:01.399960');
INSERT INTO "deliveries" VALUES(4,'rehearsal','reading-week',2027,'a-book-a-day','x','post','2027-03-09','2027-03-09 15:00:00.000000','2027-03-10 05:00:00.000000','sent','984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992','live would have refused: the mode is "rehearsal"',1,'','','2027-03-09 15:05:01.416362','2027-03-09 15:05:01.447046');
INSERT INTO "deliveries" VALUES(5,'rehearsal','reading-week',2027,'then-and-now','email','email','2027-03-10','2027-03-10 12:30:00.000000','2027-03-11 05:00:00.000000','sent','420dd37add100a3e869a8cff33dbf91ed2b0070db511bd80c85492f1ac0fef03','live would have refused: the mode is "rehearsal"',4,'8183ad98bfd1cd86354581e98e2756a4','','2027-03-10 15:05:00.725732','2027-03-10 15:05:00.811722');
INSERT INTO "deliveries" VALUES(6,'rehearsal','reading-week',2027,'then-and-now','x','post','2027-03-10','2027-03-10 15:00:00.000000','2027-03-11 05:00:00.000000','scheduled','','held by Ada since 2027-03-09 17:00 UTC: strike',0,'','',NULL,'2027-03-10 15:05:00.838220');
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
INSERT INTO "events" VALUES(1,'2027-03-01 14:01:01.423505','subscriber.added','Ada',NULL,'{"barred_before": "", "subscriber": "11711be274fff685508e628091adfbb2"}','0000000000000000000000000000000000000000000000000000000000000000','3baea59a01d6dcd5b28aa8b06fd829f0397c9b8dc873b31c565f523eee4b2c00');
INSERT INTO "events" VALUES(2,'2027-03-01 14:02:00.907079','subscriber.erased','Ada',NULL,'{"subscriber": "8183ad98653347b22b6d8d4799d44f93"}','3baea59a01d6dcd5b28aa8b06fd829f0397c9b8dc873b31c565f523eee4b2c00','624d4674dd4f3d420a54cc73e5fbc381ee31dc2a0c7ca7bca01d6f2f4bf7020f');
INSERT INTO "events" VALUES(3,'2027-03-01 14:00:00.000000','subscriber.left','reader',NULL,'{"subscriber": "8183ad98000b98fe20c01b3acd62ec17", "why": "list"}','624d4674dd4f3d420a54cc73e5fbc381ee31dc2a0c7ca7bca01d6f2f4bf7020f','a173db6d7074a111ce9388e28e6fc764918b1e3211343f7921e05aec1282093b');
INSERT INTO "events" VALUES(4,'2027-03-01 14:03:01.116228','person.added','Ada',NULL,'{"name": "Ada", "role": "coordinator"}','a173db6d7074a111ce9388e28e6fc764918b1e3211343f7921e05aec1282093b','09d2dd6a83cd0f7539a321cd19d2266e5a7c3260596c8c41c46c2099a4481d91');
INSERT INTO "events" VALUES(5,'2027-03-01 14:05:01.331166','record.signed','Ada',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-2025"}','09d2dd6a83cd0f7539a321cd19d2266e5a7c3260596c8c41c46c2099a4481d91','0e32e7d6d73fe1a0a2e17a047bb2ed12abffa731d698fe771be5a2598e08f9d1');
INSERT INTO "events" VALUES(6,'2027-03-01 14:05:01.370579','record.signed','Ada',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-1990"}','0e32e7d6d73fe1a0a2e17a047bb2ed12abffa731d698fe771be5a2598e08f9d1','71cb00235f143bc88d95b8515453a1518c4705b2cc4198e15b684c18df05b695');
INSERT INTO "events" VALUES(7,'2027-03-01 14:06:00.901737','record.signed','Ada',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "contact", "subject_id": "desk-phone"}','71cb00235f143bc88d95b8515453a1518c4705b2cc4198e15b684c18df05b695','1f785d26286e5fcb879a534c96eb4b20bbd9d0ff00befc0670a0a994ea567cb2');
INSERT INTO "events" VALUES(8,'2027-03-01 14:07:00.843878','record.signed','Grace',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-2025"}','1f785d26286e5fcb879a534c96eb4b20bbd9d0ff00befc0670a0a994ea567cb2','7d4ffa20792fef7dfd9fe3a5cd7ab97be052150aa60adf124fed6314e5562b7a');
INSERT INTO "events" VALUES(9,'2027-03-01 14:07:00.874037','record.signed','Grace',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-1990"}','7d4ffa20792fef7dfd9fe3a5cd7ab97be052150aa60adf124fed6314e5562b7a','c9fac2f059b663e74e2f63c727275b54c55becdf7ab424ea21b124dd469aa26a');
INSERT INTO "events" VALUES(10,'2027-03-01 14:08:00.856115','record.signed','Grace',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "contact", "subject_id": "desk-phone"}','c9fac2f059b663e74e2f63c727275b54c55becdf7ab424ea21b124dd469aa26a','fe35d400fa50a4aef72a64deb7fb8b79c3854be34df092b3738fdcf5a7cbdabb');
INSERT INTO "events" VALUES(11,'2027-03-01 14:10:02.189784','comment.added','Grace',NULL,'{"campaign": "reading-week", "channel": "", "comment": 1, "item": "why-we-read", "role": "coordinator", "season": 2027}','fe35d400fa50a4aef72a64deb7fb8b79c3854be34df092b3738fdcf5a7cbdabb','5ce7c63307fd6ecc59908be4a19a629f3b87cad3220d0145a9aae5dabd84b4e0');
INSERT INTO "events" VALUES(12,'2027-03-01 14:11:01.943454','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "6b559f20e1a34e620019c0be3ac6858f2525157d6399fafaf836f6c506f37a4a", "item": "why-we-read", "role": "coordinator", "season": 2027}','5ce7c63307fd6ecc59908be4a19a629f3b87cad3220d0145a9aae5dabd84b4e0','2607ccf25c016be8ed8e6cf26f15acbe163bd287d5d29909e6adee75ea458c46');
INSERT INTO "events" VALUES(13,'2027-03-01 14:11:01.984596','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490", "item": "why-we-read", "role": "coordinator", "season": 2027}','2607ccf25c016be8ed8e6cf26f15acbe163bd287d5d29909e6adee75ea458c46','7b75cff7c84fa0ec0f04879371916d88c70867cfa62b9be1ffbefcb27bbfedec');
INSERT INTO "events" VALUES(14,'2027-03-01 14:11:01.999935','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "3d4aaf492c2e868e16acb32c430f53ca07064afdea3e939a51498b3b443d7d9c", "item": "a-book-a-day", "role": "coordinator", "season": 2027}','7b75cff7c84fa0ec0f04879371916d88c70867cfa62b9be1ffbefcb27bbfedec','5badf7c0ce27ab07fa22822f3670672723fc653d2c337f12b7f46aa7c6af67b2');
INSERT INTO "events" VALUES(15,'2027-03-01 14:11:02.001911','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992", "item": "a-book-a-day", "role": "coordinator", "season": 2027}','5badf7c0ce27ab07fa22822f3670672723fc653d2c337f12b7f46aa7c6af67b2','9e12fd3480588f3bc5b23fdc451311dab34e3576061f76394d8ab7a0f05f7ed1');
INSERT INTO "events" VALUES(16,'2027-03-01 14:11:02.011802','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "420dd37add100a3e869a8cff33dbf91ed2b0070db511bd80c85492f1ac0fef03", "item": "then-and-now", "role": "coordinator", "season": 2027}','9e12fd3480588f3bc5b23fdc451311dab34e3576061f76394d8ab7a0f05f7ed1','3bcd1eea3ae0b9f7ac347c2283b2beb821aaf574b1f3033431f1825d2571e870');
INSERT INTO "events" VALUES(17,'2027-03-01 14:11:02.031817','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "7ec9a632161a6e86aaa0caa79998789295740cb3d6b8d8824d7fd0679dc316aa", "item": "then-and-now", "role": "coordinator", "season": 2027}','3bcd1eea3ae0b9f7ac347c2283b2beb821aaf574b1f3033431f1825d2571e870','535623a717495d62577c5f21c1064cc35afa212f0603e52a2fb8cb32379389fb');
INSERT INTO "events" VALUES(18,'2027-03-01 14:12:02.153400','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "6b559f20e1a34e620019c0be3ac6858f2525157d6399fafaf836f6c506f37a4a", "item": "why-we-read", "role": "coordinator", "season": 2027}','535623a717495d62577c5f21c1064cc35afa212f0603e52a2fb8cb32379389fb','eff785e28005dff078b9002326a3038613341f2ed9610c4a0cb77ba7c970feed');
INSERT INTO "events" VALUES(19,'2027-03-01 14:12:02.185981','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490", "item": "why-we-read", "role": "coordinator", "season": 2027}','eff785e28005dff078b9002326a3038613341f2ed9610c4a0cb77ba7c970feed','623c5f19df1178c82b17a803854c6e195bc2a73a4fc040325e5a05f3a0d316c8');
INSERT INTO "events" VALUES(20,'2027-03-01 14:12:02.189185','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "3d4aaf492c2e868e16acb32c430f53ca07064afdea3e939a51498b3b443d7d9c", "item": "a-book-a-day", "role": "coordinator", "season": 2027}','623c5f19df1178c82b17a803854c6e195bc2a73a4fc040325e5a05f3a0d316c8','90aad791af41a4b72d790bb816ab7516db53af4bd020b29dc67e74f3fd560e7d');
INSERT INTO "events" VALUES(21,'2027-03-01 14:12:02.199679','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992", "item": "a-book-a-day", "role": "coordinator", "season": 2027}','90aad791af41a4b72d790bb816ab7516db53af4bd020b29dc67e74f3fd560e7d','bb91ae778f52db65342dd62910a4b84b98fd7c2c33d3b1321907814284aa8643');
INSERT INTO "events" VALUES(22,'2027-03-01 14:12:02.203280','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "420dd37add100a3e869a8cff33dbf91ed2b0070db511bd80c85492f1ac0fef03", "item": "then-and-now", "role": "coordinator", "season": 2027}','bb91ae778f52db65342dd62910a4b84b98fd7c2c33d3b1321907814284aa8643','e3ff3a6d6d092cf865715ad404b95407a9949109e988fa69146379f5979fc523');
INSERT INTO "events" VALUES(23,'2027-03-01 14:12:02.207281','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "7ec9a632161a6e86aaa0caa79998789295740cb3d6b8d8824d7fd0679dc316aa", "item": "then-and-now", "role": "coordinator", "season": 2027}','e3ff3a6d6d092cf865715ad404b95407a9949109e988fa69146379f5979fc523','63dd01864b12c284a5dabf30da3fb10fb047c2849894c7b6b3e56e1fe18ae958');
INSERT INTO "events" VALUES(24,'2027-03-01 14:15:01.462023','season.armed','Ada',NULL,'{"campaign": "reading-week", "season": 2027}','63dd01864b12c284a5dabf30da3fb10fb047c2849894c7b6b3e56e1fe18ae958','7ef57659d94e864598e8282b583a00d5138ee219a69b1f2cf562f53b914c93a9');
INSERT INTO "events" VALUES(25,'2027-03-01 14:16:01.993976','delivery.planned','plan',1,'{"campaign": "reading-week", "channel": "email", "due_at": "2027-03-08T12:30:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "mode": "rehearsal", "season": 2027}','7ef57659d94e864598e8282b583a00d5138ee219a69b1f2cf562f53b914c93a9','0ac4ddc489efb7867d2df61db794ed53e59ff63ff9e6645b4bcaf37c85440682');
INSERT INTO "events" VALUES(26,'2027-03-01 14:16:01.993976','delivery.planned','plan',2,'{"campaign": "reading-week", "channel": "x", "due_at": "2027-03-08T17:00:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "mode": "rehearsal", "season": 2027}','0ac4ddc489efb7867d2df61db794ed53e59ff63ff9e6645b4bcaf37c85440682','677af8cc7b636a7f98d9df622a7eed595d1048ab183c0e7be3923993325fa5a3');
INSERT INTO "events" VALUES(27,'2027-03-01 14:16:01.993976','delivery.planned','plan',3,'{"campaign": "reading-week", "channel": "email", "due_at": "2027-03-09T12:30:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "mode": "rehearsal", "season": 2027}','677af8cc7b636a7f98d9df622a7eed595d1048ab183c0e7be3923993325fa5a3','dce8f275ee542cc9b29e40a4366bb5d58e244f04a44de313a76497bcad54efde');
INSERT INTO "events" VALUES(28,'2027-03-01 14:16:01.993976','delivery.planned','plan',4,'{"campaign": "reading-week", "channel": "x", "due_at": "2027-03-09T15:00:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "mode": "rehearsal", "season": 2027}','dce8f275ee542cc9b29e40a4366bb5d58e244f04a44de313a76497bcad54efde','c9269049fea7801dc90da4bf83c61e4dc767070a2c9208b9806ac1318685a017');
INSERT INTO "events" VALUES(29,'2027-03-01 14:16:01.993976','delivery.planned','plan',5,'{"campaign": "reading-week", "channel": "email", "due_at": "2027-03-10T12:30:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "mode": "rehearsal", "season": 2027}','c9269049fea7801dc90da4bf83c61e4dc767070a2c9208b9806ac1318685a017','cde964c5c2e3ef64e9702b9b7229fc5af041efb8b493970c239b88d01cb6bf8c');
INSERT INTO "events" VALUES(30,'2027-03-01 14:16:01.993976','delivery.planned','plan',6,'{"campaign": "reading-week", "channel": "x", "due_at": "2027-03-10T15:00:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "mode": "rehearsal", "season": 2027}','cde964c5c2e3ef64e9702b9b7229fc5af041efb8b493970c239b88d01cb6bf8c','8fcc71506b57f4e3493be0fa70bd776fac226a43ba632a52ba05de515dbfef2d');
INSERT INTO "events" VALUES(31,'2027-03-08 15:05:01.373983','delivery.opened','tick',1,'{"frozen": 4}','8fcc71506b57f4e3493be0fa70bd776fac226a43ba632a52ba05de515dbfef2d','6eb59b02c1e49bdfca9a4467393d7f4840459d650b5f0d44ef4d494f60047950');
INSERT INTO "events" VALUES(32,'2027-03-08 15:05:01.449977','attempt.begun','tick',1,'{"attempt": 1, "batch": 1, "digest": "6b559f20e1a34e620019c0be3ac6858f2525157d6399fafaf836f6c506f37a4a", "node": "old-host:29842", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 4, "token": "766ae5fc37d71cc05b4e7b8fccc5caf5"}','6eb59b02c1e49bdfca9a4467393d7f4840459d650b5f0d44ef4d494f60047950','e6ae575d8ec23259e50a0bd5822b35478e19e5c4cf195bf35079cb03c32b5a07');
INSERT INTO "events" VALUES(33,'2027-03-08 15:05:01.498994','attempt.accepted','tick',1,'{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-49c5ff32deec07e4ef005b9c7f8b2e49-1ef952307b", "retry_at": null, "status": null, "token": "766ae5fc37d71cc05b4e7b8fccc5caf5"}','e6ae575d8ec23259e50a0bd5822b35478e19e5c4cf195bf35079cb03c32b5a07','a576959ad972078ffc6f9164ec250166d1b703c2a7d64094c0db6a61e134dea4');
INSERT INTO "events" VALUES(34,'2027-03-09 15:05:01.168177','delivery.missed','tick',2,'{"channel": "x", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "why": "nothing ran, or nothing could be sent, while it was open"}','a576959ad972078ffc6f9164ec250166d1b703c2a7d64094c0db6a61e134dea4','50da869275f0173dc8ff8517d4e0ca5fb4407c2b161896046e1e9cbeabbb71cf');
INSERT INTO "events" VALUES(35,'2027-03-09 15:05:01.304554','delivery.opened','tick',3,'{"frozen": 4}','50da869275f0173dc8ff8517d4e0ca5fb4407c2b161896046e1e9cbeabbb71cf','ce02278c243c2929b543518ecdfdba2e0a873a2694d4d4c3a71e1a4c6aca24cd');
INSERT INTO "events" VALUES(36,'2027-03-09 15:05:01.358005','attempt.begun','tick',3,'{"attempt": 1, "batch": 1, "digest": "3d4aaf492c2e868e16acb32c430f53ca07064afdea3e939a51498b3b443d7d9c", "node": "old-host:29851", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 4, "token": "fa291fff05306fe9a4fdee5bcf883d10"}','ce02278c243c2929b543518ecdfdba2e0a873a2694d4d4c3a71e1a4c6aca24cd','062333a150d33e7a4580c34c81fb7c54950ce3efad86bc5fdfd12aceebce8f0e');
INSERT INTO "events" VALUES(37,'2027-03-09 15:05:01.399960','attempt.accepted','tick',3,'{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-19dea670adc7a16331340b6d6abdd929-d986fae2a9", "retry_at": null, "status": null, "token": "fa291fff05306fe9a4fdee5bcf883d10"}','062333a150d33e7a4580c34c81fb7c54950ce3efad86bc5fdfd12aceebce8f0e','c78817b0895ae10c3b7eb369a5c63a3c0082d0630ef06641f8c93de42d5a3050');
INSERT INTO "events" VALUES(38,'2027-03-09 15:05:01.416362','delivery.opened','tick',4,'{"frozen": 1}','c78817b0895ae10c3b7eb369a5c63a3c0082d0630ef06641f8c93de42d5a3050','dcdaee9ebf3bb7fc41a093ba30ce9a0b2875efd785f16f785290064dcd4248a9');
INSERT INTO "events" VALUES(39,'2027-03-09 15:05:01.437516','attempt.begun','tick',4,'{"attempt": 1, "batch": 1, "digest": "984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992", "node": "old-host:29851", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 0, "token": "73bbd8c6b0edfa26db4e70413623fc98"}','dcdaee9ebf3bb7fc41a093ba30ce9a0b2875efd785f16f785290064dcd4248a9','900f0663285af7f24ad88d8afa48ad2a4299053a798ced43c9b878df1a04067c');
INSERT INTO "events" VALUES(40,'2027-03-09 15:05:01.447046','attempt.accepted','tick',4,'{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-text-c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5-68a654e99d", "retry_at": null, "status": null, "token": "73bbd8c6b0edfa26db4e70413623fc98"}','900f0663285af7f24ad88d8afa48ad2a4299053a798ced43c9b878df1a04067c','6266befbc6364aa8fb3fec08161891c4f377f9ff514f6a4230124b6abec54b26');
INSERT INTO "events" VALUES(41,'2027-03-09 17:00:00.429230','hold.set','Ada',NULL,'{"channel": "x", "why": "strike"}','6266befbc6364aa8fb3fec08161891c4f377f9ff514f6a4230124b6abec54b26','a7075065b96055d1af691f0f1372b0cab3531c43ebbc5181c6bc61d0d60210c9');
INSERT INTO "events" VALUES(42,'2027-03-10 15:05:00.725732','delivery.opened','tick',5,'{"frozen": 4}','a7075065b96055d1af691f0f1372b0cab3531c43ebbc5181c6bc61d0d60210c9','9c8f31d418c2dd60b1d54efd189c86767c43ae804640a03fad3e70146650736e');
INSERT INTO "events" VALUES(43,'2027-03-10 15:05:00.776548','attempt.begun','tick',5,'{"attempt": 1, "batch": 1, "digest": "420dd37add100a3e869a8cff33dbf91ed2b0070db511bd80c85492f1ac0fef03", "node": "old-host:29873", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 4, "token": "62f084cafd50cfece1bdbe4013568528"}','9c8f31d418c2dd60b1d54efd189c86767c43ae804640a03fad3e70146650736e','b4480b40882d87b78c3fd0b8de9b02b37ae8699f01fa9da2092ab64668073610');
INSERT INTO "events" VALUES(44,'2027-03-10 15:05:00.811722','attempt.accepted','tick',5,'{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-48c2217f355f65ea0375180cce9bd60e-f577649dd9", "retry_at": null, "status": null, "token": "62f084cafd50cfece1bdbe4013568528"}','b4480b40882d87b78c3fd0b8de9b02b37ae8699f01fa9da2092ab64668073610','589648375189d462906cd3996633d59ebc822aa42954b9389520119f0a7382eb');
INSERT INTO "events" VALUES(45,'2027-03-10 15:05:00.838220','delivery.waits','tick',6,'{"why": "held by Ada since 2027-03-09 17:00 UTC: strike"}','589648375189d462906cd3996633d59ebc822aa42954b9389520119f0a7382eb','7ccb60efd58fc174ce3f133063dd0109754d62ce36649eea35a9b85f330446c1');
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
INSERT INTO "hashed_suppressions" VALUES('655939ca3b28e2790e876c2f8094b236bcaa5d687b0a63549bcc1724d7bbb202','8183ad98653347b22b6d8d4799d44f93','erased','erased','2027-03-01 14:02:00.907079');
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
INSERT INTO "holds" VALUES(1,'x','Ada','strike','2027-03-09 17:00:00.429230','',NULL);
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
INSERT INTO "ledger" VALUES(1,'20eb9aee0865d4e47451df501233c1d1',45,'7ccb60efd58fc174ce3f133063dd0109754d62ce36649eea35a9b85f330446c1',NULL);
CREATE TABLE messages (
	digest VARCHAR(64) NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT pk_messages PRIMARY KEY (digest)
);
INSERT INTO "messages" VALUES('6b559f20e1a34e620019c0be3ac6858f2525157d6399fafaf836f6c506f37a4a','{"audience": "", "body": {"from_address": "news@example.org", "from_name": "Example Coalition", "headers": {"Auto-Submitted": "auto-generated", "List-Id": "Reading Week <reading-week.news.example.org>"}, "html": "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Why we read</title>\n<style>@media (prefers-color-scheme:dark){.page{background-color:#12171e!important}.card{background-color:#1b222c!important}.card,.h1,.h2,.h3,.quote,.help,.help_title,.digits,.digits_small,.help_line,.part,.part_now{color:#e8edf3!important}.lead,.eyebrow,.attribution,.small,.foot,.help_hours{color:#a5b0bd!important}.link{color:#8db8f2!important}.blockquote,.action{border-color:#8db8f2!important}.note{border-color:#7d8896!important}.hr,.part{border-color:#3a4553!important}.help,.part_now{background-color:#12171e!important;border-color:#8db8f2!important}.button{background-color:#8db8f2!important}.button_link{color:#12171e!important}}@media (max-width:480px){.outer{padding:0 0 24px!important}.band,.card{padding-left:16px!important;padding-right:16px!important;border-radius:0!important}.help{padding:16px 16px 0!important}}</style>\n</head>\n<body class=\"page\" style=\"margin:0;padding:0;background-color:#eaf1fb;-webkit-text-size-adjust:100%;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"outer\" align=\"center\" style=\"padding:8px 8px 32px\">\n<table role=\"presentation\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"width:100%;max-width:600px;border-collapse:separate;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<tr><td class=\"lead\" align=\"left\" style=\"padding:8px 16px;font-size:14px;line-height:1.5;color:#56616f\">Five days, five short letters</td></tr>\n<tr><td class=\"band\" align=\"left\" style=\"padding:16px 24px;background-color:#1f4e8c;color:#ffffff;border-radius:6px 6px 0 0\">\n<p style=\"margin:0;font-size:18px;line-height:1.3;font-weight:bold;color:#ffffff\">Reading Week</p>\n<p style=\"margin:4px 0 0;font-size:15px;line-height:1.4;color:#ffffff\">Day 1 of 3, Monday 8 March 2027</p>\n</td></tr>\n<tr><td class=\"card\" align=\"left\" style=\"padding:24px 24px 8px;background-color:#ffffff;color:#1b2430;border-radius:0 0 6px 6px;overflow-wrap:break-word;word-break:break-word\">\n<h1 class=\"h1\" style=\"margin:0 0 16px;font-size:26px;line-height:1.25;font-weight:bold;color:#1b2430\">Why we read</h1>\n<p style=\"margin:0 0 16px\">Good morning.</p>\n<p style=\"margin:0 0 16px\">the town library had 4,100 members at the end of 2025, says the Annual Report 2025.</p>\n<p class=\"small\" style=\"margin:0 0 8px;font-size:14px;line-height:1.5;color:#56616f\">\nFigures: 4,100, as of December 2025. Source: <a class=\"link\" href=\"https://library.example/report-2025\" style=\"color:#1f4e8c;text-decoration:underline\">Annual Report 2025</a>, Town Library, February 2026.\n</p>\n<div style=\"height:12px;line-height:12px;font-size:1px\">&nbsp;</div>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"help\" style=\"padding:20px 20px 4px;background-color:#eaf1fb;color:#1b2430;border:2px solid #1f4e8c;border-radius:6px\">\n<h2 class=\"help_title\" style=\"margin:0 0 12px;font-size:20px;line-height:1.3;font-weight:bold;color:#1b2430\">Help</h2>\n<p class=\"digits\" style=\"margin:0;font-size:28px;line-height:1.3;font-weight:bold;color:#1b2430\"><a class=\"link\" href=\"tel:+15550100199\" style=\"color:#1f4e8c;text-decoration:underline\">1-555-010-0199</a></p>\n<p class=\"help_line\" style=\"margin:0;font-size:15px;line-height:1.45;color:#1b2430\">\n<strong>Library desk.</strong> Questions about books, cards and events.\n</p>\n<p class=\"help_hours\" style=\"margin:0 0 16px;font-size:14px;line-height:1.5;color:#56616f\">\nMonday to Friday, 9 to 17. English.\n</p>\n</td>\n</tr></table>\n<div style=\"height:20px;line-height:20px;font-size:1px\">&nbsp;</div>\n</td></tr>\n<tr><td class=\"foot\" align=\"left\" style=\"padding:20px 16px 0;font-size:14px;line-height:1.5;color:#56616f\">\n<p class=\"only-in-mail\" style=\"margin:0 0 16px\">You get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.</p>\n<p style=\"margin:0 0 16px\"><a class=\"link\" href=\"%preferences_url%\" style=\"color:#1f4e8c;text-decoration:underline\">Get fewer of these emails, or pause them</a>.<br>\n<a class=\"link\" href=\"%unsubscribe_url%\" style=\"color:#1f4e8c;text-decoration:underline\">Stop these emails</a>.</p>\n<p class=\"only-in-mail\" style=\"margin:0 0 16px\"><a class=\"link\" href=\"https://news.example.org/archive/2027-03-08\" style=\"color:#1f4e8c;text-decoration:underline\">Read this email in a browser</a>.</p>\n<p style=\"margin:0 0 16px\">If someone checks this inbox, use a safer device to read about this or to look for help.</p>\n<p style=\"margin:0 0 16px\">A reply reaches Example Coalition. It is not a help line and may be read late; use the numbers above for help.</p>\n<p style=\"margin:0 0 16px\">Example Coalition<br>1 Example Street, Example Town, EX 00000</p>\n</td></tr>\n</table>\n</td>\n</tr></table>\n</body>\n</html>\n", "list_id": "Reading Week <reading-week.news.example.org>", "parts": [], "preheader": "Five days, five short letters", "reply_to": "hello@example.org", "subject": "Why we read", "text": "Five days, five short letters\n\nReading Week\nDay 1 of 3, Monday 8 March 2027\n\nWhy we read\n===========\n\nGood morning.\n\nthe town library had 4,100 members at the end of 2025, says the Annual\nReport 2025.\n\nFigures: 4,100, as of December 2025. Source: Annual Report 2025, Town\nLibrary, February 2026.\nhttps://library.example/report-2025\n\nHelp\n----\n\n1-555-010-0199\n  Library desk. Questions about books, cards and events. Monday to\n  Friday, 9 to 17. English.\n\n------------------------------------------------------------------------\n\nYou get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.\n\nGet fewer of these emails, or pause them:\n%preferences_url%\n\nStop these emails:\n%unsubscribe_url%\n\nRead this email in a browser:\nhttps://news.example.org/archive/2027-03-08\n\nIf someone checks this inbox, use a safer device to read about this or\nto look for help.\n\nA reply reaches Example Coalition. It is not a help line and may be read\nlate; use the numbers above for help.\n\nExample Coalition\n1 Example Street, Example Town, EX 00000\n", "tokens": ["%unsubscribe_url%", "%preferences_url%"], "type": "EmailBody"}, "campaign": "reading-week", "channel": "email", "claims": ["members-2025"], "contacts": ["desk-phone"], "due_at": "2027-03-08T12:30:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "kind": "fact", "links": ["https://library.example/report-2025", "https://news.example.org/archive/2027-03-08"], "on": "2027-03-08", "quotations": [], "rests_on": {"claim:members-2025": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
INSERT INTO "messages" VALUES('a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490','{"audience": "", "body": {"alt_text": "", "characters": 75, "contains_url": false, "limit": 280, "text": "4,100 of us have a library card.\n\nLibrary desk: 1-555-010-0199\n#ReadingWeek", "type": "PostBody"}, "campaign": "reading-week", "channel": "x", "claims": ["members-2025"], "contacts": ["desk-phone"], "due_at": "2027-03-08T17:00:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "kind": "fact", "links": [], "on": "2027-03-08", "quotations": [], "rests_on": {"claim:members-2025": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
INSERT INTO "messages" VALUES('3d4aaf492c2e868e16acb32c430f53ca07064afdea3e939a51498b3b443d7d9c','{"audience": "", "body": {"from_address": "news@example.org", "from_name": "Example Coalition", "headers": {"Auto-Submitted": "auto-generated", "List-Id": "Reading Week <reading-week.news.example.org>"}, "html": "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Ten minutes a day</title>\n<style>@media (prefers-color-scheme:dark){.page{background-color:#12171e!important}.card{background-color:#1b222c!important}.card,.h1,.h2,.h3,.quote,.help,.help_title,.digits,.digits_small,.help_line,.part,.part_now{color:#e8edf3!important}.lead,.eyebrow,.attribution,.small,.foot,.help_hours{color:#a5b0bd!important}.link{color:#8db8f2!important}.blockquote,.action{border-color:#8db8f2!important}.note{border-color:#7d8896!important}.hr,.part{border-color:#3a4553!important}.help,.part_now{background-color:#12171e!important;border-color:#8db8f2!important}.button{background-color:#8db8f2!important}.button_link{color:#12171e!important}}@media (max-width:480px){.outer{padding:0 0 24px!important}.band,.card{padding-left:16px!important;padding-right:16px!important;border-radius:0!important}.help{padding:16px 16px 0!important}}</style>\n</head>\n<body class=\"page\" style=\"margin:0;padding:0;background-color:#eaf1fb;-webkit-text-size-adjust:100%;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"outer\" align=\"center\" style=\"padding:8px 8px 32px\">\n<table role=\"presentation\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"width:100%;max-width:600px;border-collapse:separate;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<tr><td class=\"band\" align=\"left\" style=\"padding:16px 24px;background-color:#1f4e8c;color:#ffffff;border-radius:6px 6px 0 0\">\n<p style=\"margin:0;font-size:18px;line-height:1.3;font-weight:bold;color:#ffffff\">Reading Week</p>\n<p style=\"margin:4px 0 0;font-size:15px;line-height:1.4;color:#ffffff\">Day 2 of 3, Tuesday 9 March 2027</p>\n</td></tr>\n<tr><td class=\"card\" align=\"left\" style=\"padding:24px 24px 8px;background-color:#ffffff;color:#1b2430;border-radius:0 0 6px 6px;overflow-wrap:break-word;word-break:break-word\">\n<h1 class=\"h1\" style=\"margin:0 0 16px;font-size:26px;line-height:1.25;font-weight:bold;color:#1b2430\">Ten minutes a day</h1>\n<p style=\"margin:0 0 16px\">Ten minutes a day are a book a month.</p>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"help\" style=\"padding:20px 20px 4px;background-color:#eaf1fb;color:#1b2430;border:2px solid #1f4e8c;border-radius:6px\">\n<h2 class=\"help_title\" style=\"margin:0 0 12px;font-size:20px;line-height:1.3;font-weight:bold;color:#1b2430\">Help</h2>\n<p class=\"digits\" style=\"margin:0;font-size:28px;line-height:1.3;font-weight:bold;color:#1b2430\"><a class=\"link\" href=\"tel:+15550100199\" style=\"color:#1f4e8c;text-decoration:underline\">1-555-010-0199</a></p>\n<p class=\"help_line\" style=\"margin:0;font-size:15px;line-height:1.45;color:#1b2430\">\n<strong>Library desk.</strong> Questions about books, cards and events.\n</p>\n<p class=\"help_hours\" style=\"margin:0 0 16px;font-size:14px;line-height:1.5;color:#56616f\">\nMonday to Friday, 9 to 17. English.\n</p>\n</td>\n</tr></table>\n<div style=\"height:20px;line-height:20px;font-size:1px\">&nbsp;</div>\n</td></tr>\n<tr><td class=\"foot\" align=\"left\" style=\"padding:20px 16px 0;font-size:14px;line-height:1.5;color:#56616f\">\n<p class=\"only-in-mail\" style=\"margin:0 0 16px\">You get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.</p>\n<p style=\"margin:0 0 16px\"><a class=\"link\" href=\"%preferences_url%\" style=\"color:#1f4e8c;text-decoration:underline\">Get fewer of these emails, or pause them</a>.<br>\n<a class=\"link\" href=\"%unsubscribe_url%\" style=\"color:#1f4e8c;text-decoration:underline\">Stop these emails</a>.</p>\n<p class=\"only-in-mail\" style=\"margin:0 0 16px\"><a class=\"link\" href=\"https://news.example.org/archive/2027-03-09\" style=\"color:#1f4e8c;text-decoration:underline\">Read this email in a browser</a>.</p>\n<p style=\"margin:0 0 16px\">If someone checks this inbox, use a safer device to read about this or to look for help.</p>\n<p style=\"margin:0 0 16px\">A reply reaches Example Coalition. It is not a help line and may be read late; use the numbers above for help.</p>\n<p style=\"margin:0 0 16px\">Example Coalition<br>1 Example Street, Example Town, EX 00000</p>\n</td></tr>\n</table>\n</td>\n</tr></table>\n</body>\n</html>\n", "list_id": "Reading Week <reading-week.news.example.org>", "parts": [], "preheader": "", "reply_to": "hello@example.org", "subject": "Ten minutes a day", "text": "Reading Week\nDay 2 of 3, Tuesday 9 March 2027\n\nTen minutes a day\n=================\n\nTen minutes a day are a book a month.\n\nHelp\n----\n\n1-555-010-0199\n  Library desk. Questions about books, cards and events. Monday to\n  Friday, 9 to 17. English.\n\n------------------------------------------------------------------------\n\nYou get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.\n\nGet fewer of these emails, or pause them:\n%preferences_url%\n\nStop these emails:\n%unsubscribe_url%\n\nRead this email in a browser:\nhttps://news.example.org/archive/2027-03-09\n\nIf someone checks this inbox, use a safer device to read about this or\nto look for help.\n\nA reply reaches Example Coalition. It is not a help line and may be read\nlate; use the numbers above for help.\n\nExample Coalition\n1 Example Street, Example Town, EX 00000\n", "tokens": ["%unsubscribe_url%", "%preferences_url%"], "type": "EmailBody"}, "campaign": "reading-week", "channel": "email", "claims": [], "contacts": ["desk-phone"], "due_at": "2027-03-09T12:30:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "kind": "action", "links": ["https://news.example.org/archive/2027-03-09"], "on": "2027-03-09", "quotations": [], "rests_on": {"contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
INSERT INTO "messages" VALUES('984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992','{"audience": "", "body": {"alt_text": "", "characters": 67, "contains_url": false, "limit": 280, "text": "Ten minutes a day are a book a month.\n\nLibrary desk: 1-555-010-0199", "type": "PostBody"}, "campaign": "reading-week", "channel": "x", "claims": [], "contacts": ["desk-phone"], "due_at": "2027-03-09T15:00:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "kind": "action", "links": [], "on": "2027-03-09", "quotations": [], "rests_on": {"contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
INSERT INTO "messages" VALUES('420dd37add100a3e869a8cff33dbf91ed2b0070db511bd80c85492f1ac0fef03','{"audience": "", "body": {"from_address": "news@example.org", "from_name": "Example Coalition", "headers": {"Auto-Submitted": "auto-generated", "List-Id": "Reading Week <reading-week.news.example.org>"}, "html": "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>How many readers? Then and now</title>\n<style>@media (prefers-color-scheme:dark){.page{background-color:#12171e!important}.card{background-color:#1b222c!important}.card,.h1,.h2,.h3,.quote,.help,.help_title,.digits,.digits_small,.help_line,.part,.part_now{color:#e8edf3!important}.lead,.eyebrow,.attribution,.small,.foot,.help_hours{color:#a5b0bd!important}.link{color:#8db8f2!important}.blockquote,.action{border-color:#8db8f2!important}.note{border-color:#7d8896!important}.hr,.part{border-color:#3a4553!important}.help,.part_now{background-color:#12171e!important;border-color:#8db8f2!important}.button{background-color:#8db8f2!important}.button_link{color:#12171e!important}}@media (max-width:480px){.outer{padding:0 0 24px!important}.band,.card{padding-left:16px!important;padding-right:16px!important;border-radius:0!important}.help{padding:16px 16px 0!important}}</style>\n</head>\n<body class=\"page\" style=\"margin:0;padding:0;background-color:#eaf1fb;-webkit-text-size-adjust:100%;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"outer\" align=\"center\" style=\"padding:8px 8px 32px\">\n<table role=\"presentation\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"width:100%;max-width:600px;border-collapse:separate;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<tr><td class=\"band\" align=\"left\" style=\"padding:16px 24px;background-color:#1f4e8c;color:#ffffff;border-radius:6px 6px 0 0\">\n<p style=\"margin:0;font-size:18px;line-height:1.3;font-weight:bold;color:#ffffff\">Reading Week</p>\n<p style=\"margin:4px 0 0;font-size:15px;line-height:1.4;color:#ffffff\">Day 3 of 3, Wednesday 10 March 2027</p>\n</td></tr>\n<tr><td class=\"card\" align=\"left\" style=\"padding:24px 24px 8px;background-color:#ffffff;color:#1b2430;border-radius:0 0 6px 6px;overflow-wrap:break-word;word-break:break-word\">\n<p class=\"eyebrow\" style=\"margin:0 0 4px;font-size:14px;line-height:1.5;color:#56616f\">Town Reading Day</p>\n<h1 class=\"h1\" style=\"margin:0 0 16px;font-size:26px;line-height:1.25;font-weight:bold;color:#1b2430\">How many readers? Then and now</h1>\n<p style=\"margin:0 0 16px\">In 1990: 900. Now: 4,100.</p>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"part\" style=\"padding:16px 16px 4px;border:1px solid #d5dbe3;border-radius:6px;color:#1b2430\">\n<h2 class=\"label\" style=\"margin:0 0 8px;font-size:17px;line-height:1.3;font-weight:bold\">Then</h2>\n<p style=\"margin:0 0 4px\">&ldquo;The town has 900 members today, and room for each one of them.&rdquo;</p>\n<p class=\"attribution\" style=\"margin:0 0 12px;font-size:14px;line-height:1.5;color:#56616f\">The founders, founding letter, 1990</p>\n</td>\n</tr></table>\n<div style=\"height:12px;line-height:12px;font-size:1px\">&nbsp;</div>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"part_now\" style=\"padding:16px 16px 4px;border:1px solid #1f4e8c;border-radius:6px;color:#1b2430;background-color:#eaf1fb\">\n<h2 class=\"label\" style=\"margin:0 0 8px;font-size:17px;line-height:1.3;font-weight:bold\">Now</h2>\n<p style=\"margin:0 0 4px\">the town library had 4,100 members at the end of 2025.</p>\n<p class=\"attribution\" style=\"margin:0 0 12px;font-size:14px;line-height:1.5;color:#56616f\">\nSource: <a class=\"link\" href=\"https://library.example/report-2025\" style=\"color:#1f4e8c;text-decoration:underline\">Annual Report 2025</a>, Town Library, February 2026.\n</p>\n</td>\n</tr></table>\n<div style=\"height:20px;line-height:20px;font-size:1px\">&nbsp;</div>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"help\" style=\"padding:20px 20px 4px;background-color:#eaf1fb;color:#1b2430;border:2px solid #1f4e8c;border-radius:6px\">\n<h2 class=\"help_title\" style=\"margin:0 0 12px;font-size:20px;line-height:1.3;font-weight:bold;color:#1b2430\">Help</h2>\n<p class=\"digits\" style=\"margin:0;font-size:28px;line-height:1.3;font-weight:bold;color:#1b2430\"><a class=\"link\" href=\"tel:+15550100199\" style=\"color:#1f4e8c;text-decoration:underline\">1-555-010-0199</a></p>\n<p class=\"help_line\" style=\"margin:0;font-size:15px;line-height:1.45;color:#1b2430\">\n<strong>Library desk.</strong> Questions about books, cards and events.\n</p>\n<p class=\"help_hours\" style=\"margin:0 0 16px;font-size:14px;line-height:1.5;color:#56616f\">\nMonday to Friday, 9 to 17. English.\n</p>\n</td>\n</tr></table>\n<div style=\"height:20px;line-height:20px;font-size:1px\">&nbsp;</div>\n</td></tr>\n<tr><td class=\"foot\" align=\"left\" style=\"padding:20px 16px 0;font-size:14px;line-height:1.5;color:#56616f\">\n<p class=\"only-in-mail\" style=\"margin:0 0 16px\">You get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.</p>\n<p style=\"margin:0 0 16px\"><a class=\"link\" href=\"%preferences_url%\" style=\"color:#1f4e8c;text-decoration:underline\">Get fewer of these emails, or pause them</a>.<br>\n<a class=\"link\" href=\"%unsubscribe_url%\" style=\"color:#1f4e8c;text-decoration:underline\">Stop these emails</a>.</p>\n<p class=\"only-in-mail\" style=\"margin:0 0 16px\"><a class=\"link\" href=\"https://news.example.org/archive/2027-03-10\" style=\"color:#1f4e8c;text-decoration:underline\">Read this email in a browser</a>.</p>\n<p style=\"margin:0 0 16px\">If someone checks this inbox, use a safer device to read about this or to look for help.</p>\n<p style=\"margin:0 0 16px\">A reply reaches Example Coalition. It is not a help line and may be read late; use the numbers above for help.</p>\n<p style=\"margin:0 0 16px\">Example Coalition<br>1 Example Street, Example Town, EX 00000</p>\n</td></tr>\n</table>\n</td>\n</tr></table>\n</body>\n</html>\n", "list_id": "Reading Week <reading-week.news.example.org>", "parts": [], "preheader": "", "reply_to": "hello@example.org", "subject": "How many readers? Then and now", "text": "Reading Week\nDay 3 of 3, Wednesday 10 March 2027\n\nTown Reading Day\n\nHow many readers? Then and now\n==============================\n\nIn 1990: 900. Now: 4,100.\n\nThen\n----\n\n“The town has 900 members today, and room for each one of them.”\nThe founders, founding letter, 1990\n\nNow\n---\n\nthe town library had 4,100 members at the end of 2025.\nSource: Annual Report 2025, Town Library, February 2026.\nhttps://library.example/report-2025\n\nHelp\n----\n\n1-555-010-0199\n  Library desk. Questions about books, cards and events. Monday to\n  Friday, 9 to 17. English.\n\n------------------------------------------------------------------------\n\nYou get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.\n\nGet fewer of these emails, or pause them:\n%preferences_url%\n\nStop these emails:\n%unsubscribe_url%\n\nRead this email in a browser:\nhttps://news.example.org/archive/2027-03-10\n\nIf someone checks this inbox, use a safer device to read about this or\nto look for help.\n\nA reply reaches Example Coalition. It is not a help line and may be read\nlate; use the numbers above for help.\n\nExample Coalition\n1 Example Street, Example Town, EX 00000\n", "tokens": ["%unsubscribe_url%", "%preferences_url%"], "type": "EmailBody"}, "campaign": "reading-week", "channel": "email", "claims": ["members-1990", "members-2025"], "contacts": ["desk-phone"], "due_at": "2027-03-10T12:30:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "kind": "then-now", "links": ["https://library.example/report-2025", "https://news.example.org/archive/2027-03-10"], "on": "2027-03-10", "quotations": ["founding-letter#L2"], "rests_on": {"claim:members-1990": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "claim:members-2025": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de", "source:founding-letter": "a86bbacd2670de2fa7b55a69d3ea9bcd55748b01af676e965fe7c773438dae6b"}, "season": 2027}');
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
INSERT INTO "people" VALUES(1,'Ada','ada','coordinator',NULL,'2027-03-01 14:03:01.116228','Ada',NULL);
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
INSERT INTO "recipients" VALUES(1,'11711be274fff685508e628091adfbb2',1,NULL,NULL);
INSERT INTO "recipients" VALUES(1,'8183ad98806522a35426e451bfe164e0',1,NULL,NULL);
INSERT INTO "recipients" VALUES(1,'8183ad989e7788068cb59a67ce67ac8c',1,NULL,NULL);
INSERT INTO "recipients" VALUES(1,'8183ad98bfd1cd86354581e98e2756a4',1,NULL,NULL);
INSERT INTO "recipients" VALUES(3,'11711be274fff685508e628091adfbb2',1,NULL,NULL);
INSERT INTO "recipients" VALUES(3,'8183ad98806522a35426e451bfe164e0',1,NULL,NULL);
INSERT INTO "recipients" VALUES(3,'8183ad989e7788068cb59a67ce67ac8c',1,NULL,NULL);
INSERT INTO "recipients" VALUES(3,'8183ad98bfd1cd86354581e98e2756a4',1,NULL,NULL);
INSERT INTO "recipients" VALUES(5,'11711be274fff685508e628091adfbb2',1,NULL,NULL);
INSERT INTO "recipients" VALUES(5,'8183ad98806522a35426e451bfe164e0',1,NULL,NULL);
INSERT INTO "recipients" VALUES(5,'8183ad989e7788068cb59a67ce67ac8c',1,NULL,NULL);
INSERT INTO "recipients" VALUES(5,'8183ad98bfd1cd86354581e98e2756a4',1,NULL,NULL);
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
INSERT INTO "subscribers" VALUES('8183ad98806522a35426e451bfe164e0','ann@example.org','ann@example.org','Ann','','active','import readers.csv','2027-03-01 14:00:02.717606','daily','2027-03-01 14:00:02.717606',NULL,NULL);
INSERT INTO "subscribers" VALUES('8183ad989e7788068cb59a67ce67ac8c','ben@example.org','ben@example.org','Ben','America/Chicago','active','import readers.csv','2027-03-01 14:00:02.717606','daily','2027-03-01 14:00:02.717606',NULL,NULL);
INSERT INTO "subscribers" VALUES('8183ad98bfd1cd86354581e98e2756a4','cleo@example.org','cleo@example.org','','','active','import readers.csv','2027-03-01 14:00:02.717606','daily','2027-03-01 14:00:02.717606',NULL,NULL);
INSERT INTO "subscribers" VALUES('8183ad98000b98fe20c01b3acd62ec17','dan@example.org','dan@example.org','Dan','','left','import readers.csv','2027-03-01 14:00:02.717606','daily','2027-03-01 14:00:02.717606',NULL,NULL);
INSERT INTO "subscribers" VALUES('8183ad98653347b22b6d8d4799d44f93','','erased:8183ad98653347b22b6d8d4799d44f93','','','erased','','2027-03-01 14:00:02.717606','daily','2027-03-01 14:00:02.717606',NULL,NULL);
INSERT INTO "subscribers" VALUES('11711be274fff685508e628091adfbb2','fay@example.org','fay@example.org','','','active','added by Ada','2027-03-01 14:01:01.423505','daily','2027-03-01 14:01:01.423505',NULL,NULL);
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
INSERT INTO "suppressions" VALUES('dan@example.org','8183ad98000b98fe20c01b3acd62ec17','list','','2027-03-01 14:00:00.000000');
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
CREATE INDEX ix_batches_state ON batches (state);
CREATE INDEX ix_batches_send_id ON batches (send_id);
CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
CREATE TRIGGER consents_no_update BEFORE UPDATE ON consents BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
CREATE TRIGGER consents_no_delete BEFORE DELETE ON consents BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;
COMMIT;
