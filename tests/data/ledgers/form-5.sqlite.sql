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
INSERT INTO "approvals" VALUES(1,'reading-week',2027,'why-we-read','email','6b559f20e1a34e620019c0be3ac6858f2525157d6399fafaf836f6c506f37a4a','Grace','coordinator','','2027-03-01 14:11:01.770770',NULL,'');
INSERT INTO "approvals" VALUES(2,'reading-week',2027,'why-we-read','x','a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490','Grace','coordinator','','2027-03-01 14:11:01.831702',NULL,'');
INSERT INTO "approvals" VALUES(3,'reading-week',2027,'a-book-a-day','email','3d4aaf492c2e868e16acb32c430f53ca07064afdea3e939a51498b3b443d7d9c','Grace','coordinator','','2027-03-01 14:11:01.871566',NULL,'');
INSERT INTO "approvals" VALUES(4,'reading-week',2027,'a-book-a-day','x','984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992','Grace','coordinator','','2027-03-01 14:11:01.897225',NULL,'');
INSERT INTO "approvals" VALUES(5,'reading-week',2027,'then-and-now','email','420dd37add100a3e869a8cff33dbf91ed2b0070db511bd80c85492f1ac0fef03','Grace','coordinator','','2027-03-01 14:11:01.919531',NULL,'');
INSERT INTO "approvals" VALUES(6,'reading-week',2027,'then-and-now','x','7ec9a632161a6e86aaa0caa79998789295740cb3d6b8d8824d7fd0679dc316aa','Grace','coordinator','','2027-03-01 14:11:01.947303',NULL,'');
INSERT INTO "approvals" VALUES(7,'reading-week',2027,'why-we-read','email','6b559f20e1a34e620019c0be3ac6858f2525157d6399fafaf836f6c506f37a4a','Ada','coordinator','','2027-03-01 14:12:02.665381',NULL,'');
INSERT INTO "approvals" VALUES(8,'reading-week',2027,'why-we-read','x','a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490','Ada','coordinator','','2027-03-01 14:12:02.721288',NULL,'');
INSERT INTO "approvals" VALUES(9,'reading-week',2027,'a-book-a-day','email','3d4aaf492c2e868e16acb32c430f53ca07064afdea3e939a51498b3b443d7d9c','Ada','coordinator','','2027-03-01 14:12:02.744518',NULL,'');
INSERT INTO "approvals" VALUES(10,'reading-week',2027,'a-book-a-day','x','984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992','Ada','coordinator','','2027-03-01 14:12:02.769584',NULL,'');
INSERT INTO "approvals" VALUES(11,'reading-week',2027,'then-and-now','email','420dd37add100a3e869a8cff33dbf91ed2b0070db511bd80c85492f1ac0fef03','Ada','coordinator','','2027-03-01 14:12:02.783553',NULL,'');
INSERT INTO "approvals" VALUES(12,'reading-week',2027,'then-and-now','x','7ec9a632161a6e86aaa0caa79998789295740cb3d6b8d8824d7fd0679dc316aa','Ada','coordinator','','2027-03-01 14:12:02.805889',NULL,'');
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
INSERT INTO "armings" VALUES(1,'reading-week',2027,'Ada','2027-03-01 14:15:02.433201','',NULL);
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
INSERT INTO "attempts" VALUES('02f000a12d8dc667c0c6a16a374ba5b8',1,1,'2027-03-08 15:05:02.894923','old-host:29136','6b559f20e1a34e620019c0be3ac6858f2525157d6399fafaf836f6c506f37a4a','e1b1d10155e06031a54b5c0b38e0c35f',4,'2027-03-08 15:05:02.921496','accepted',NULL,'rehearsal-e1b1d10155e06031a54b5c0b38e0c35f-86a584a942','rehearsed, not sent');
INSERT INTO "attempts" VALUES('03523c2fa60156e02f2c20e59c40c440',2,1,'2027-03-09 15:05:02.023239','old-host:29212','3d4aaf492c2e868e16acb32c430f53ca07064afdea3e939a51498b3b443d7d9c','25bb5afdabc174d8b861e9362187aa6f',4,'2027-03-09 15:05:02.086600','accepted',NULL,'rehearsal-25bb5afdabc174d8b861e9362187aa6f-81703a5784','rehearsed, not sent');
INSERT INTO "attempts" VALUES('99b14ec44ac3867bb365258c624795ad',3,1,'2027-03-09 15:05:02.208911','old-host:29212','984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992','text:c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5fbf73f66b',0,'2027-03-09 15:05:02.243801','accepted',NULL,'rehearsal-text-c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5-68a654e99d','rehearsed, not sent');
INSERT INTO "attempts" VALUES('eab469b73eb753e360c0f62ade88dba4',4,1,'2027-03-10 15:05:02.687619','old-host:29256','420dd37add100a3e869a8cff33dbf91ed2b0070db511bd80c85492f1ac0fef03','4846a91e422ceedfe54233d620ffbe22',4,'2027-03-10 15:05:02.729560','accepted',NULL,'rehearsal-4846a91e422ceedfe54233d620ffbe22-f543e4336c','rehearsed, not sent');
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
INSERT INTO "batches" VALUES(1,1,1,'59a2cbf726323e2c74b5f4bafc8deba4','9afbc4985ee15ca1858864e6d515d7e5',4,0,'sent','e1b1d10155e06031a54b5c0b38e0c35f','2027-03-08 12:30:00.000000',NULL,'',0,1,'02f000a12d8dc667c0c6a16a374ba5b8','6b559f20e1a34e620019c0be3ac6858f2525157d6399fafaf836f6c506f37a4a','e1b1d10155e06031a54b5c0b38e0c35f','2027-03-08 15:05:02.894923','2027-03-08 15:06:42.894923','old-host:29136','rehearsal-e1b1d10155e06031a54b5c0b38e0c35f-86a584a942','rehearsed, not sent',0,0,'2027-03-08 15:05:52.894923');
INSERT INTO "batches" VALUES(2,3,1,'59a2cbf726323e2c74b5f4bafc8deba4','9afbc4985ee15ca1858864e6d515d7e5',4,0,'sent','25bb5afdabc174d8b861e9362187aa6f','2027-03-09 12:30:00.000000',NULL,'',0,1,'03523c2fa60156e02f2c20e59c40c440','3d4aaf492c2e868e16acb32c430f53ca07064afdea3e939a51498b3b443d7d9c','25bb5afdabc174d8b861e9362187aa6f','2027-03-09 15:05:02.023239','2027-03-09 15:06:42.023239','old-host:29212','rehearsal-25bb5afdabc174d8b861e9362187aa6f-81703a5784','rehearsed, not sent',0,0,'2027-03-09 15:05:52.023239');
INSERT INTO "batches" VALUES(3,4,1,'','',1,0,'sent','df88d1cc5031b6b398800b45a7884bbf','2027-03-09 15:00:00.000000',NULL,'',0,1,'99b14ec44ac3867bb365258c624795ad','984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992','text:c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5fbf73f66b','2027-03-09 15:05:02.208911','2027-03-09 15:06:42.208911','old-host:29212','rehearsal-text-c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5-68a654e99d','rehearsed, not sent',0,0,'2027-03-09 15:05:52.208911');
INSERT INTO "batches" VALUES(4,5,1,'59a2cbf726323e2c74b5f4bafc8deba4','9afbc4985ee15ca1858864e6d515d7e5',4,0,'sent','4846a91e422ceedfe54233d620ffbe22','2027-03-10 12:30:00.000000',NULL,'',0,1,'eab469b73eb753e360c0f62ade88dba4','420dd37add100a3e869a8cff33dbf91ed2b0070db511bd80c85492f1ac0fef03','4846a91e422ceedfe54233d620ffbe22','2027-03-10 15:05:02.687619','2027-03-10 15:06:42.687619','old-host:29256','rehearsal-4846a91e422ceedfe54233d620ffbe22-f543e4336c','rehearsed, not sent',0,0,'2027-03-10 15:05:52.687619');
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
INSERT INTO "comments" VALUES(1,'reading-week',2027,'why-we-read','','Grace','coordinator','comment',NULL,'Good','2027-03-01 14:10:02.464282');
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
INSERT INTO "consents" VALUES(1,'','import readers.csv','2027-03-01 14:00:04.254087','import','on a list of readers that the organisation brought in','','');
INSERT INTO "consents" VALUES(2,'59a2cbf726323e2c74b5f4bafc8deba4','','2027-03-01 14:01:02.185870','added','asked to be on the list','','Ada');
INSERT INTO "consents" VALUES(3,'9afbc498eb700b94b9b20a2cdc74c774','','2027-03-01 14:02:01.813850','withdrawn','erased from the list','','Ada');
INSERT INTO "consents" VALUES(4,'9afbc498d3fff3d8de22f027fcc98a0f','','2027-03-01 14:00:00.000000','withdrawn','left the list: list','','');
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
INSERT INTO "deliveries" VALUES(1,'rehearsal','reading-week',2027,'why-we-read','email','email','2027-03-08','2027-03-08 12:30:00.000000','2027-03-09 05:00:00.000000','sent','6b559f20e1a34e620019c0be3ac6858f2525157d6399fafaf836f6c506f37a4a','live would have refused: the mode is "rehearsal"',4,'9afbc4985ee15ca1858864e6d515d7e5','','2027-03-08 15:05:02.814441','2027-03-08 15:05:02.921496');
INSERT INTO "deliveries" VALUES(2,'rehearsal','reading-week',2027,'why-we-read','x','post','2027-03-08','2027-03-08 17:00:00.000000','2027-03-09 05:00:00.000000','missed','','its window closed before it could go: nothing ran, or nothing could be sent, while it was open',0,'','',NULL,'2027-03-09 15:05:01.736520');
INSERT INTO "deliveries" VALUES(3,'rehearsal','reading-week',2027,'a-book-a-day','email','email','2027-03-09','2027-03-09 12:30:00.000000','2027-03-10 05:00:00.000000','sent','3d4aaf492c2e868e16acb32c430f53ca07064afdea3e939a51498b3b443d7d9c','live would have refused: the mode is "rehearsal"',4,'9afbc4985ee15ca1858864e6d515d7e5','','2027-03-09 15:05:01.920777','2027-03-09 15:05:02.086600');
INSERT INTO "deliveries" VALUES(4,'rehearsal','reading-week',2027,'a-book-a-day','x','post','2027-03-09','2027-03-09 15:00:00.000000','2027-03-10 05:00:00.000000','sent','984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992','live would have refused: the mode is "rehearsal"',1,'','','2027-03-09 15:05:02.149751','2027-03-09 15:05:02.243801');
INSERT INTO "deliveries" VALUES(5,'rehearsal','reading-week',2027,'then-and-now','email','email','2027-03-10','2027-03-10 12:30:00.000000','2027-03-11 05:00:00.000000','sent','420dd37add100a3e869a8cff33dbf91ed2b0070db511bd80c85492f1ac0fef03','live would have refused: the mode is "rehearsal"',4,'9afbc4985ee15ca1858864e6d515d7e5','','2027-03-10 15:05:02.519405','2027-03-10 15:05:02.729560');
INSERT INTO "deliveries" VALUES(6,'rehearsal','reading-week',2027,'then-and-now','x','post','2027-03-10','2027-03-10 15:00:00.000000','2027-03-11 05:00:00.000000','scheduled','','held by Ada since 2027-03-09 17:00 UTC: strike',0,'','',NULL,'2027-03-10 15:05:02.765689');
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
INSERT INTO "events" VALUES(1,'2027-03-01 14:01:02.185870','subscriber.added','Ada',NULL,'{"barred_before": "", "subscriber": "59a2cbf726323e2c74b5f4bafc8deba4"}','0000000000000000000000000000000000000000000000000000000000000000','68bb87cbe9b891fdef47083ead8050657213e6d3477d0b0170c8bcdcdda11b25');
INSERT INTO "events" VALUES(2,'2027-03-01 14:02:01.813850','subscriber.erased','Ada',NULL,'{"subscriber": "9afbc498eb700b94b9b20a2cdc74c774"}','68bb87cbe9b891fdef47083ead8050657213e6d3477d0b0170c8bcdcdda11b25','a6d868df416d95f7dca106f7269002da110b311e45f3c488ade3521ac5223f50');
INSERT INTO "events" VALUES(3,'2027-03-01 14:00:00.000000','subscriber.left','reader',NULL,'{"subscriber": "9afbc498d3fff3d8de22f027fcc98a0f", "why": "list"}','a6d868df416d95f7dca106f7269002da110b311e45f3c488ade3521ac5223f50','ca69130dc0ed7e8d9d1330c52948bcb41b5420c21c898274b318204cc959b2bd');
INSERT INTO "events" VALUES(4,'2027-03-01 14:05:02.761059','record.signed','Ada',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-2025"}','ca69130dc0ed7e8d9d1330c52948bcb41b5420c21c898274b318204cc959b2bd','0e1dde8ed631cbb274987830d03dd775f3eb960580d0cea81cde1bb4b1c331d5');
INSERT INTO "events" VALUES(5,'2027-03-01 14:05:02.808974','record.signed','Ada',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-1990"}','0e1dde8ed631cbb274987830d03dd775f3eb960580d0cea81cde1bb4b1c331d5','76237690ea927120f5f6d9a142e13f8aa594b3c1d30796220b0f4cac3b191cf6');
INSERT INTO "events" VALUES(6,'2027-03-01 14:06:01.399308','record.signed','Ada',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "contact", "subject_id": "desk-phone"}','76237690ea927120f5f6d9a142e13f8aa594b3c1d30796220b0f4cac3b191cf6','5fdce6ac0ece46881b4b5fcacc135359bdd18076186e087464653723ba834910');
INSERT INTO "events" VALUES(7,'2027-03-01 14:07:01.313190','record.signed','Grace',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-2025"}','5fdce6ac0ece46881b4b5fcacc135359bdd18076186e087464653723ba834910','3329f8b113b512ca92cb89bdf6036fc371bb787a54861c3e715ca102ac53a6c0');
INSERT INTO "events" VALUES(8,'2027-03-01 14:07:01.366512','record.signed','Grace',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-1990"}','3329f8b113b512ca92cb89bdf6036fc371bb787a54861c3e715ca102ac53a6c0','ba8bb56ba9fdfe4d9c30ade95c554a03c1430a52d22e754721aeb1628754b651');
INSERT INTO "events" VALUES(9,'2027-03-01 14:08:01.560449','record.signed','Grace',NULL,'{"campaign": "reading-week", "expires_on": null, "record_hash": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "contact", "subject_id": "desk-phone"}','ba8bb56ba9fdfe4d9c30ade95c554a03c1430a52d22e754721aeb1628754b651','8be2e4221137f02eb4c49ac153d76e837eae5c8a359d25cd9fbd461092df7a9c');
INSERT INTO "events" VALUES(10,'2027-03-01 14:10:02.464282','comment.added','Grace',NULL,'{"campaign": "reading-week", "channel": "", "comment": 1, "item": "why-we-read", "role": "coordinator", "season": 2027}','8be2e4221137f02eb4c49ac153d76e837eae5c8a359d25cd9fbd461092df7a9c','45842536f53310f251a918f96ea2dd7f341f02345995f1c814f04a8e1d2ce331');
INSERT INTO "events" VALUES(11,'2027-03-01 14:11:01.770770','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "6b559f20e1a34e620019c0be3ac6858f2525157d6399fafaf836f6c506f37a4a", "item": "why-we-read", "role": "coordinator", "season": 2027}','45842536f53310f251a918f96ea2dd7f341f02345995f1c814f04a8e1d2ce331','bf53f33fe6de47265af20914b88a4fdaef13e5a2fbdf0c24d341e033bd3c2587');
INSERT INTO "events" VALUES(12,'2027-03-01 14:11:01.831702','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490", "item": "why-we-read", "role": "coordinator", "season": 2027}','bf53f33fe6de47265af20914b88a4fdaef13e5a2fbdf0c24d341e033bd3c2587','fa232e79127b84fc5983da7473d6a547c078c7a588e2e4e139dd5902ebf99a88');
INSERT INTO "events" VALUES(13,'2027-03-01 14:11:01.871566','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "3d4aaf492c2e868e16acb32c430f53ca07064afdea3e939a51498b3b443d7d9c", "item": "a-book-a-day", "role": "coordinator", "season": 2027}','fa232e79127b84fc5983da7473d6a547c078c7a588e2e4e139dd5902ebf99a88','26f742c2e8ef9e682ca3b5e2fda8482cca844854ac47d4fe84e3bcdd444baa33');
INSERT INTO "events" VALUES(14,'2027-03-01 14:11:01.897225','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992", "item": "a-book-a-day", "role": "coordinator", "season": 2027}','26f742c2e8ef9e682ca3b5e2fda8482cca844854ac47d4fe84e3bcdd444baa33','de9a6d337ed6b982424c3f1b61e1bdf87a309f34463c42ef5c2bb88aadb2c3b3');
INSERT INTO "events" VALUES(15,'2027-03-01 14:11:01.919531','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "420dd37add100a3e869a8cff33dbf91ed2b0070db511bd80c85492f1ac0fef03", "item": "then-and-now", "role": "coordinator", "season": 2027}','de9a6d337ed6b982424c3f1b61e1bdf87a309f34463c42ef5c2bb88aadb2c3b3','98fc51c660cdc4b41e60c10dbeb6fe1bfcc32db645ad3f3474ae35051fe79637');
INSERT INTO "events" VALUES(16,'2027-03-01 14:11:01.947303','approval.given','Grace',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "7ec9a632161a6e86aaa0caa79998789295740cb3d6b8d8824d7fd0679dc316aa", "item": "then-and-now", "role": "coordinator", "season": 2027}','98fc51c660cdc4b41e60c10dbeb6fe1bfcc32db645ad3f3474ae35051fe79637','015254e65e6de583e39f7c435a49b7214eaca113111d304d9adaffbc27ddcf6a');
INSERT INTO "events" VALUES(17,'2027-03-01 14:12:02.665381','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "6b559f20e1a34e620019c0be3ac6858f2525157d6399fafaf836f6c506f37a4a", "item": "why-we-read", "role": "coordinator", "season": 2027}','015254e65e6de583e39f7c435a49b7214eaca113111d304d9adaffbc27ddcf6a','22ed5135d6ce5ed430d83ba7832294c9287d1f35d5fee8ff594b6f5ddf37682a');
INSERT INTO "events" VALUES(18,'2027-03-01 14:12:02.721288','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490", "item": "why-we-read", "role": "coordinator", "season": 2027}','22ed5135d6ce5ed430d83ba7832294c9287d1f35d5fee8ff594b6f5ddf37682a','f23dc818ab8621819e911e5e6137e8e61a780326ea80256702addf0a8cd65da3');
INSERT INTO "events" VALUES(19,'2027-03-01 14:12:02.744518','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "3d4aaf492c2e868e16acb32c430f53ca07064afdea3e939a51498b3b443d7d9c", "item": "a-book-a-day", "role": "coordinator", "season": 2027}','f23dc818ab8621819e911e5e6137e8e61a780326ea80256702addf0a8cd65da3','6a017991a17a411c0470f3bdfe01c175d73e2f5c5eaa432692915f5afcdbbc0d');
INSERT INTO "events" VALUES(20,'2027-03-01 14:12:02.769584','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992", "item": "a-book-a-day", "role": "coordinator", "season": 2027}','6a017991a17a411c0470f3bdfe01c175d73e2f5c5eaa432692915f5afcdbbc0d','15cbcb7793b33eea404f4af6df5278a4836a587012fcc2667d2d957e90ae0a26');
INSERT INTO "events" VALUES(21,'2027-03-01 14:12:02.783553','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "email", "digest": "420dd37add100a3e869a8cff33dbf91ed2b0070db511bd80c85492f1ac0fef03", "item": "then-and-now", "role": "coordinator", "season": 2027}','15cbcb7793b33eea404f4af6df5278a4836a587012fcc2667d2d957e90ae0a26','134337d27bc527c215838d3746dd7fe3991f6ebfc7b15b2b334a6e09948f8503');
INSERT INTO "events" VALUES(22,'2027-03-01 14:12:02.805889','approval.given','Ada',NULL,'{"campaign": "reading-week", "channel": "x", "digest": "7ec9a632161a6e86aaa0caa79998789295740cb3d6b8d8824d7fd0679dc316aa", "item": "then-and-now", "role": "coordinator", "season": 2027}','134337d27bc527c215838d3746dd7fe3991f6ebfc7b15b2b334a6e09948f8503','2cda41cc75a545c26d14fa57a895d1b3a362840b4ac1b3e33aed3bc4ec9b9e28');
INSERT INTO "events" VALUES(23,'2027-03-01 14:15:02.433201','season.armed','Ada',NULL,'{"campaign": "reading-week", "season": 2027}','2cda41cc75a545c26d14fa57a895d1b3a362840b4ac1b3e33aed3bc4ec9b9e28','e30925b71b73e7ccef161d89989ceb507a1224adc69e9e094b58da6c9178afc9');
INSERT INTO "events" VALUES(24,'2027-03-01 14:16:01.900296','delivery.planned','plan',1,'{"campaign": "reading-week", "channel": "email", "due_at": "2027-03-08T12:30:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "mode": "rehearsal", "season": 2027}','e30925b71b73e7ccef161d89989ceb507a1224adc69e9e094b58da6c9178afc9','587a51e859674f871eacbb1372e74197c28a0363acb34e1395e26fc21a9530d1');
INSERT INTO "events" VALUES(25,'2027-03-01 14:16:01.900296','delivery.planned','plan',2,'{"campaign": "reading-week", "channel": "x", "due_at": "2027-03-08T17:00:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "mode": "rehearsal", "season": 2027}','587a51e859674f871eacbb1372e74197c28a0363acb34e1395e26fc21a9530d1','6362856c32a07c5ba437e14d69e6b01a5ae2bd536ac6497ee6590f84ded7fbde');
INSERT INTO "events" VALUES(26,'2027-03-01 14:16:01.900296','delivery.planned','plan',3,'{"campaign": "reading-week", "channel": "email", "due_at": "2027-03-09T12:30:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "mode": "rehearsal", "season": 2027}','6362856c32a07c5ba437e14d69e6b01a5ae2bd536ac6497ee6590f84ded7fbde','ead0fdf665eeac61b9975a513483e909b04214205834ce61cfb1754825f97a82');
INSERT INTO "events" VALUES(27,'2027-03-01 14:16:01.900296','delivery.planned','plan',4,'{"campaign": "reading-week", "channel": "x", "due_at": "2027-03-09T15:00:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "mode": "rehearsal", "season": 2027}','ead0fdf665eeac61b9975a513483e909b04214205834ce61cfb1754825f97a82','1f1b3a0c1a3304d6d511b7996fca7addd2d3a09eaee4742ff27cf864c2b48f1d');
INSERT INTO "events" VALUES(28,'2027-03-01 14:16:01.900296','delivery.planned','plan',5,'{"campaign": "reading-week", "channel": "email", "due_at": "2027-03-10T12:30:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "mode": "rehearsal", "season": 2027}','1f1b3a0c1a3304d6d511b7996fca7addd2d3a09eaee4742ff27cf864c2b48f1d','77bb2c014dc376b551ec8aeed9b43df264a3745da8cdb0d39e6bef0054f747fb');
INSERT INTO "events" VALUES(29,'2027-03-01 14:16:01.900296','delivery.planned','plan',6,'{"campaign": "reading-week", "channel": "x", "due_at": "2027-03-10T15:00:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "mode": "rehearsal", "season": 2027}','77bb2c014dc376b551ec8aeed9b43df264a3745da8cdb0d39e6bef0054f747fb','8589da4a6654b4f23b0503bdc85e09d49082bdcaf98eeb2a35d4a35a18732d39');
INSERT INTO "events" VALUES(30,'2027-03-08 15:05:02.814441','delivery.opened','tick',1,'{"frozen": 4}','8589da4a6654b4f23b0503bdc85e09d49082bdcaf98eeb2a35d4a35a18732d39','b1a0070e262c8791b2dee00bf46d466283cff83139ce8013218d16e61268f147');
INSERT INTO "events" VALUES(31,'2027-03-08 15:05:02.894923','attempt.begun','tick',1,'{"attempt": 1, "batch": 1, "digest": "6b559f20e1a34e620019c0be3ac6858f2525157d6399fafaf836f6c506f37a4a", "node": "old-host:29136", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 4, "token": "02f000a12d8dc667c0c6a16a374ba5b8"}','b1a0070e262c8791b2dee00bf46d466283cff83139ce8013218d16e61268f147','dee99695351b9885a9f01bc1abd0b96c5d4d9b1c4f9ef42ff4815b53274c4453');
INSERT INTO "events" VALUES(32,'2027-03-08 15:05:02.921496','attempt.accepted','tick',1,'{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-e1b1d10155e06031a54b5c0b38e0c35f-86a584a942", "retry_at": null, "status": null, "token": "02f000a12d8dc667c0c6a16a374ba5b8"}','dee99695351b9885a9f01bc1abd0b96c5d4d9b1c4f9ef42ff4815b53274c4453','fdabe7b45af4a5d6c168e735b6797ab6b59c2df68b73369fd9f97512e31b9901');
INSERT INTO "events" VALUES(33,'2027-03-09 15:05:01.736520','delivery.missed','tick',2,'{"channel": "x", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "why": "nothing ran, or nothing could be sent, while it was open"}','fdabe7b45af4a5d6c168e735b6797ab6b59c2df68b73369fd9f97512e31b9901','610831a9a22a59b5b543e775d7d671dc901fea5322fcd43be57a4dc7c02718ad');
INSERT INTO "events" VALUES(34,'2027-03-09 15:05:01.920777','delivery.opened','tick',3,'{"frozen": 4}','610831a9a22a59b5b543e775d7d671dc901fea5322fcd43be57a4dc7c02718ad','4466687066d18dfbb75e5f050b7821d82db1aff602e3afcde76227c5fe1501cf');
INSERT INTO "events" VALUES(35,'2027-03-09 15:05:02.023239','attempt.begun','tick',3,'{"attempt": 1, "batch": 1, "digest": "3d4aaf492c2e868e16acb32c430f53ca07064afdea3e939a51498b3b443d7d9c", "node": "old-host:29212", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 4, "token": "03523c2fa60156e02f2c20e59c40c440"}','4466687066d18dfbb75e5f050b7821d82db1aff602e3afcde76227c5fe1501cf','3ae35a3355054399fd0551bd51581474f8cc58970099fe56138cd003ce9de5ea');
INSERT INTO "events" VALUES(36,'2027-03-09 15:05:02.086600','attempt.accepted','tick',3,'{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-25bb5afdabc174d8b861e9362187aa6f-81703a5784", "retry_at": null, "status": null, "token": "03523c2fa60156e02f2c20e59c40c440"}','3ae35a3355054399fd0551bd51581474f8cc58970099fe56138cd003ce9de5ea','6b8f68ec8e0b3ad733bb070defac8ab40d79bc2d3d2fdeeb45b1cc490869bb11');
INSERT INTO "events" VALUES(37,'2027-03-09 15:05:02.149751','delivery.opened','tick',4,'{"frozen": 1}','6b8f68ec8e0b3ad733bb070defac8ab40d79bc2d3d2fdeeb45b1cc490869bb11','dd7deb3083bd27593e993bb2a64a9748910253f1341209ffb73f3affe803fed0');
INSERT INTO "events" VALUES(38,'2027-03-09 15:05:02.208911','attempt.begun','tick',4,'{"attempt": 1, "batch": 1, "digest": "984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992", "node": "old-host:29212", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 0, "token": "99b14ec44ac3867bb365258c624795ad"}','dd7deb3083bd27593e993bb2a64a9748910253f1341209ffb73f3affe803fed0','06dbfc22ec43999ed14bbf0d788c9dc7a80110b6d80f888e526016e6abd06cc1');
INSERT INTO "events" VALUES(39,'2027-03-09 15:05:02.243801','attempt.accepted','tick',4,'{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-text-c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5-68a654e99d", "retry_at": null, "status": null, "token": "99b14ec44ac3867bb365258c624795ad"}','06dbfc22ec43999ed14bbf0d788c9dc7a80110b6d80f888e526016e6abd06cc1','bf50373fee7be5d92cc2aac3f791f4dc9bed598b03ed55646cbeeed63d615b5f');
INSERT INTO "events" VALUES(40,'2027-03-09 17:00:00.124854','hold.set','Ada',NULL,'{"channel": "x", "why": "strike"}','bf50373fee7be5d92cc2aac3f791f4dc9bed598b03ed55646cbeeed63d615b5f','fcc0f48e92eef291242a5b544647de2f2bb4dfdb9568474b8f4d236ad358652f');
INSERT INTO "events" VALUES(41,'2027-03-10 15:05:02.519405','delivery.opened','tick',5,'{"frozen": 4}','fcc0f48e92eef291242a5b544647de2f2bb4dfdb9568474b8f4d236ad358652f','cf5e864485ccae84bbc9013e196973383b0d83b217e23609999e5e8d3ead4040');
INSERT INTO "events" VALUES(42,'2027-03-10 15:05:02.687619','attempt.begun','tick',5,'{"attempt": 1, "batch": 1, "digest": "420dd37add100a3e869a8cff33dbf91ed2b0070db511bd80c85492f1ac0fef03", "node": "old-host:29256", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 4, "token": "eab469b73eb753e360c0f62ade88dba4"}','cf5e864485ccae84bbc9013e196973383b0d83b217e23609999e5e8d3ead4040','564113e7cb04d89b4c0c4012846073dc2142f58106adce66e4f39c2c9dfdd2aa');
INSERT INTO "events" VALUES(43,'2027-03-10 15:05:02.729560','attempt.accepted','tick',5,'{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-4846a91e422ceedfe54233d620ffbe22-f543e4336c", "retry_at": null, "status": null, "token": "eab469b73eb753e360c0f62ade88dba4"}','564113e7cb04d89b4c0c4012846073dc2142f58106adce66e4f39c2c9dfdd2aa','099e31df3a24283c86dad426075643dd235a0c1c7c3c5933d26d8dfd08bf621c');
INSERT INTO "events" VALUES(44,'2027-03-10 15:05:02.765689','delivery.waits','tick',6,'{"why": "held by Ada since 2027-03-09 17:00 UTC: strike"}','099e31df3a24283c86dad426075643dd235a0c1c7c3c5933d26d8dfd08bf621c','c59f2a4bcc531910bec27e503974f4201fa9dba975c479a64387bbb283cc03b3');
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
INSERT INTO "hashed_suppressions" VALUES('655939ca3b28e2790e876c2f8094b236bcaa5d687b0a63549bcc1724d7bbb202','9afbc498eb700b94b9b20a2cdc74c774','erased','erased','2027-03-01 14:02:01.813850');
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
INSERT INTO "holds" VALUES(1,'x','Ada','strike','2027-03-09 17:00:00.124854','',NULL);
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
INSERT INTO "ledger" VALUES(1,'46490bd853f7a927aa189f17f1f20864',44,'c59f2a4bcc531910bec27e503974f4201fa9dba975c479a64387bbb283cc03b3',NULL);
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
INSERT INTO "recipients" VALUES(1,'59a2cbf726323e2c74b5f4bafc8deba4',1,NULL,NULL);
INSERT INTO "recipients" VALUES(1,'9afbc498183c803ad09fdab9a1a44bca',1,NULL,NULL);
INSERT INTO "recipients" VALUES(1,'9afbc4981df3ea64f7b036415f691749',1,NULL,NULL);
INSERT INTO "recipients" VALUES(1,'9afbc4985ee15ca1858864e6d515d7e5',1,NULL,NULL);
INSERT INTO "recipients" VALUES(3,'59a2cbf726323e2c74b5f4bafc8deba4',1,NULL,NULL);
INSERT INTO "recipients" VALUES(3,'9afbc498183c803ad09fdab9a1a44bca',1,NULL,NULL);
INSERT INTO "recipients" VALUES(3,'9afbc4981df3ea64f7b036415f691749',1,NULL,NULL);
INSERT INTO "recipients" VALUES(3,'9afbc4985ee15ca1858864e6d515d7e5',1,NULL,NULL);
INSERT INTO "recipients" VALUES(5,'59a2cbf726323e2c74b5f4bafc8deba4',1,NULL,NULL);
INSERT INTO "recipients" VALUES(5,'9afbc498183c803ad09fdab9a1a44bca',1,NULL,NULL);
INSERT INTO "recipients" VALUES(5,'9afbc4981df3ea64f7b036415f691749',1,NULL,NULL);
INSERT INTO "recipients" VALUES(5,'9afbc4985ee15ca1858864e6d515d7e5',1,NULL,NULL);
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
INSERT INTO "subscribers" VALUES('9afbc498183c803ad09fdab9a1a44bca','ann@example.org','ann@example.org','Ann','','active','import readers.csv','2027-03-01 14:00:04.254087','daily','2027-03-01 14:00:04.254087',NULL,NULL);
INSERT INTO "subscribers" VALUES('9afbc4985ee15ca1858864e6d515d7e5','ben@example.org','ben@example.org','Ben','America/Chicago','active','import readers.csv','2027-03-01 14:00:04.254087','daily','2027-03-01 14:00:04.254087',NULL,NULL);
INSERT INTO "subscribers" VALUES('9afbc4981df3ea64f7b036415f691749','cleo@example.org','cleo@example.org','','','active','import readers.csv','2027-03-01 14:00:04.254087','daily','2027-03-01 14:00:04.254087',NULL,NULL);
INSERT INTO "subscribers" VALUES('9afbc498d3fff3d8de22f027fcc98a0f','dan@example.org','dan@example.org','Dan','','left','import readers.csv','2027-03-01 14:00:04.254087','daily','2027-03-01 14:00:04.254087',NULL,NULL);
INSERT INTO "subscribers" VALUES('9afbc498eb700b94b9b20a2cdc74c774','','erased:9afbc498eb700b94b9b20a2cdc74c774','','','erased','','2027-03-01 14:00:04.254087','daily','2027-03-01 14:00:04.254087',NULL,NULL);
INSERT INTO "subscribers" VALUES('59a2cbf726323e2c74b5f4bafc8deba4','fay@example.org','fay@example.org','','','active','added by Ada','2027-03-01 14:01:02.185870','daily','2027-03-01 14:01:02.185870',NULL,NULL);
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
INSERT INTO "suppressions" VALUES('dan@example.org','9afbc498d3fff3d8de22f027fcc98a0f','list','','2027-03-01 14:00:00.000000');
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
