CREATE FUNCTION public.events_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'the history is append-only'; END $$;
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.approvals (
    id bigint NOT NULL,
    campaign character varying(200) NOT NULL,
    season integer NOT NULL,
    item character varying(200) NOT NULL,
    channel character varying(100) NOT NULL,
    digest character varying(64) NOT NULL,
    person character varying(200) NOT NULL,
    role character varying(100) NOT NULL,
    comment text DEFAULT ''::text NOT NULL,
    approved_at timestamp with time zone NOT NULL,
    withdrawn_at timestamp with time zone,
    withdrawn_by character varying(200) DEFAULT ''::character varying NOT NULL
);
CREATE SEQUENCE public.approvals_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.approvals_id_seq OWNED BY public.approvals.id;
CREATE TABLE public.armings (
    id bigint NOT NULL,
    campaign character varying(200) NOT NULL,
    season integer NOT NULL,
    who character varying(200) NOT NULL,
    armed_at timestamp with time zone NOT NULL,
    disarmed_by character varying(200) DEFAULT ''::character varying NOT NULL,
    disarmed_at timestamp with time zone
);
CREATE SEQUENCE public.armings_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.armings_id_seq OWNED BY public.armings.id;
CREATE TABLE public.attempts (
    token character varying(64) NOT NULL,
    batch_id bigint NOT NULL,
    number integer NOT NULL,
    started_at timestamp with time zone NOT NULL,
    node character varying(200) NOT NULL,
    digest character varying(64) NOT NULL,
    fingerprint text NOT NULL,
    readers integer NOT NULL,
    ended_at timestamp with time zone,
    outcome character varying(16) DEFAULT ''::character varying NOT NULL,
    status integer,
    reference text DEFAULT ''::text NOT NULL,
    detail text DEFAULT ''::text NOT NULL
);
CREATE TABLE public.batches (
    id bigint NOT NULL,
    delivery_id bigint NOT NULL,
    number integer NOT NULL,
    first_subscriber character varying(64) DEFAULT ''::character varying NOT NULL,
    last_subscriber character varying(64) DEFAULT ''::character varying NOT NULL,
    size integer NOT NULL,
    skipped integer DEFAULT 0 NOT NULL,
    state character varying(16) NOT NULL,
    send_id character varying(64) NOT NULL,
    not_before_at timestamp with time zone NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    attempt integer DEFAULT 0 NOT NULL,
    token character varying(64) DEFAULT ''::character varying NOT NULL,
    digest character varying(64) DEFAULT ''::character varying NOT NULL,
    fingerprint text DEFAULT ''::text NOT NULL,
    started_at timestamp with time zone,
    lease_until_at timestamp with time zone,
    node character varying(200) DEFAULT ''::character varying NOT NULL,
    reference text DEFAULT ''::text NOT NULL,
    detail text DEFAULT ''::text NOT NULL,
    doubts integer DEFAULT 0 NOT NULL,
    checks integer DEFAULT 0 NOT NULL,
    check_at timestamp with time zone,
    CONSTRAINT ck_batches_state CHECK (((state)::text = ANY ((ARRAY['scheduled'::character varying, 'held'::character varying, 'sending'::character varying, 'sent'::character varying, 'failed'::character varying, 'unknown'::character varying, 'missed'::character varying, 'skipped'::character varying, 'cancelled'::character varying])::text[])))
);
CREATE SEQUENCE public.batches_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.batches_id_seq OWNED BY public.batches.id;
CREATE TABLE public.deliveries (
    id bigint NOT NULL,
    mode character varying(16) NOT NULL,
    campaign character varying(200) NOT NULL,
    season integer NOT NULL,
    item character varying(200) NOT NULL,
    channel character varying(100) NOT NULL,
    kind character varying(16) NOT NULL,
    on_date date NOT NULL,
    due_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    state character varying(16) NOT NULL,
    digest character varying(64) DEFAULT ''::character varying NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    frozen bigint DEFAULT '0'::bigint NOT NULL,
    frozen_through character varying(64) DEFAULT ''::character varying NOT NULL,
    opened_at timestamp with time zone,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_deliveries_mode CHECK (((mode)::text = ANY ((ARRAY['rehearsal'::character varying, 'live'::character varying])::text[]))),
    CONSTRAINT ck_deliveries_state CHECK (((state)::text = ANY ((ARRAY['scheduled'::character varying, 'held'::character varying, 'sending'::character varying, 'sent'::character varying, 'failed'::character varying, 'unknown'::character varying, 'missed'::character varying, 'skipped'::character varying, 'cancelled'::character varying])::text[])))
);
CREATE SEQUENCE public.deliveries_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.deliveries_id_seq OWNED BY public.deliveries.id;
CREATE TABLE public.events (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    kind character varying(64) NOT NULL,
    who character varying(200) NOT NULL,
    delivery_id bigint,
    data text NOT NULL,
    previous character varying(64) NOT NULL,
    hash character varying(64) NOT NULL
);
CREATE TABLE public.holds (
    id bigint NOT NULL,
    channel character varying(100) NOT NULL,
    who character varying(200) NOT NULL,
    why text NOT NULL,
    held_at timestamp with time zone NOT NULL,
    released_by character varying(200) DEFAULT ''::character varying NOT NULL,
    released_at timestamp with time zone
);
CREATE SEQUENCE public.holds_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.holds_id_seq OWNED BY public.holds.id;
CREATE TABLE public.ledger (
    id integer NOT NULL,
    ledger_id character varying(32) NOT NULL,
    events bigint NOT NULL,
    last_hash character varying(64) NOT NULL,
    copied_at timestamp with time zone,
    CONSTRAINT ck_ledger_one_row CHECK ((id = 1))
);
CREATE TABLE public.messages (
    digest character varying(64) NOT NULL,
    body text NOT NULL
);
CREATE TABLE public.recipients (
    delivery_id bigint NOT NULL,
    subscriber_id character varying(64) NOT NULL,
    batch_number integer NOT NULL,
    state character varying(16),
    reason text
);
CREATE TABLE public.signatures (
    id bigint NOT NULL,
    campaign character varying(200) NOT NULL,
    subject character varying(16) NOT NULL,
    subject_id character varying(200) NOT NULL,
    record_hash character varying(64) NOT NULL,
    person character varying(200) NOT NULL,
    role character varying(100) NOT NULL,
    signed_on date NOT NULL
);
CREATE SEQUENCE public.signatures_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.signatures_id_seq OWNED BY public.signatures.id;
CREATE TABLE public.subscribers (
    id character varying(64) NOT NULL,
    address text NOT NULL,
    address_key character varying(320) NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    zone character varying(64) DEFAULT ''::character varying NOT NULL,
    state character varying(16) NOT NULL,
    source text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone NOT NULL
);
CREATE TABLE public.suppressions (
    address_key character varying(320) NOT NULL,
    subscriber_id character varying(64) DEFAULT ''::character varying NOT NULL,
    reason character varying(32) NOT NULL,
    source text DEFAULT ''::text NOT NULL,
    at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY public.approvals ALTER COLUMN id SET DEFAULT nextval('public.approvals_id_seq'::regclass);
ALTER TABLE ONLY public.armings ALTER COLUMN id SET DEFAULT nextval('public.armings_id_seq'::regclass);
ALTER TABLE ONLY public.batches ALTER COLUMN id SET DEFAULT nextval('public.batches_id_seq'::regclass);
ALTER TABLE ONLY public.deliveries ALTER COLUMN id SET DEFAULT nextval('public.deliveries_id_seq'::regclass);
ALTER TABLE ONLY public.holds ALTER COLUMN id SET DEFAULT nextval('public.holds_id_seq'::regclass);
ALTER TABLE ONLY public.signatures ALTER COLUMN id SET DEFAULT nextval('public.signatures_id_seq'::regclass);
INSERT INTO public.alembic_version VALUES ('0001');
INSERT INTO public.approvals VALUES (1, 'reading-week', 2027, 'why-we-read', 'email', '4f1257d1c969ba667d0e94be7dd2a311b53909077714b2618fc34080cab16581', 'Grace', 'coordinator', '', '2027-03-01 14:11:03.805157+00', NULL, '');
INSERT INTO public.approvals VALUES (2, 'reading-week', 2027, 'why-we-read', 'x', 'f3365793952b3ac19e6ca518041156a59fe5602c77e68c3d5a756e8abbdbf4a5', 'Grace', 'coordinator', '', '2027-03-01 14:11:03.858126+00', NULL, '');
INSERT INTO public.approvals VALUES (3, 'reading-week', 2027, 'a-book-a-day', 'email', 'e7afb1d97b8d0e97bab4fe974b9ee2ca2ac8e572fb4b02b9aa4fbff2297acf47', 'Grace', 'coordinator', '', '2027-03-01 14:11:03.869054+00', NULL, '');
INSERT INTO public.approvals VALUES (4, 'reading-week', 2027, 'a-book-a-day', 'x', 'ae8726ab497644eeb3c97d25097f4d13c8027e9cf8adf9797f576fa05387751d', 'Grace', 'coordinator', '', '2027-03-01 14:11:03.886407+00', NULL, '');
INSERT INTO public.approvals VALUES (5, 'reading-week', 2027, 'then-and-now', 'email', 'e1f105680841d2c8eb30076e7914eb289dc7f6b47c691c17ff7fe43b597d1787', 'Grace', 'coordinator', '', '2027-03-01 14:11:03.904492+00', NULL, '');
INSERT INTO public.approvals VALUES (6, 'reading-week', 2027, 'then-and-now', 'x', 'a21e1579152b1c112f45cbd7a27b5eaefde85adb738c57d936b62465dcfb0edd', 'Grace', 'coordinator', '', '2027-03-01 14:11:03.930493+00', NULL, '');
INSERT INTO public.approvals VALUES (7, 'reading-week', 2027, 'why-we-read', 'email', '4f1257d1c969ba667d0e94be7dd2a311b53909077714b2618fc34080cab16581', 'Ada', 'coordinator', '', '2027-03-01 14:12:03.744485+00', NULL, '');
INSERT INTO public.approvals VALUES (8, 'reading-week', 2027, 'why-we-read', 'x', 'f3365793952b3ac19e6ca518041156a59fe5602c77e68c3d5a756e8abbdbf4a5', 'Ada', 'coordinator', '', '2027-03-01 14:12:03.833064+00', NULL, '');
INSERT INTO public.approvals VALUES (9, 'reading-week', 2027, 'a-book-a-day', 'email', 'e7afb1d97b8d0e97bab4fe974b9ee2ca2ac8e572fb4b02b9aa4fbff2297acf47', 'Ada', 'coordinator', '', '2027-03-01 14:12:03.879758+00', NULL, '');
INSERT INTO public.approvals VALUES (10, 'reading-week', 2027, 'a-book-a-day', 'x', 'ae8726ab497644eeb3c97d25097f4d13c8027e9cf8adf9797f576fa05387751d', 'Ada', 'coordinator', '', '2027-03-01 14:12:03.924451+00', NULL, '');
INSERT INTO public.approvals VALUES (11, 'reading-week', 2027, 'then-and-now', 'email', 'e1f105680841d2c8eb30076e7914eb289dc7f6b47c691c17ff7fe43b597d1787', 'Ada', 'coordinator', '', '2027-03-01 14:12:03.975818+00', NULL, '');
INSERT INTO public.approvals VALUES (12, 'reading-week', 2027, 'then-and-now', 'x', 'a21e1579152b1c112f45cbd7a27b5eaefde85adb738c57d936b62465dcfb0edd', 'Ada', 'coordinator', '', '2027-03-01 14:12:04.016466+00', NULL, '');
INSERT INTO public.armings VALUES (1, 'reading-week', 2027, 'Ada', '2027-03-01 14:15:04.087508+00', '', NULL);
INSERT INTO public.attempts VALUES ('d2c24a513d0f40051a07824243c3d943', 1, 1, '2027-03-08 15:05:04.924214+00', 'old-host:23287', '4f1257d1c969ba667d0e94be7dd2a311b53909077714b2618fc34080cab16581', 'f9216befbcee4b20278d02d50be1a766', 4, '2027-03-08 15:05:05.1655+00', 'accepted', NULL, 'rehearsal-f9216befbcee4b20278d02d50be1a766-7e5e85ea11', 'rehearsed, not sent');
INSERT INTO public.attempts VALUES ('769774a0cd7b0449d145823a70aa19ae', 2, 1, '2027-03-09 15:05:04.065006+00', 'old-host:23340', 'e7afb1d97b8d0e97bab4fe974b9ee2ca2ac8e572fb4b02b9aa4fbff2297acf47', '68489c038e16ac7350557852a38bb745', 4, '2027-03-09 15:05:04.201374+00', 'accepted', NULL, 'rehearsal-68489c038e16ac7350557852a38bb745-26a2e8665e', 'rehearsed, not sent');
INSERT INTO public.attempts VALUES ('2259cccc3b99fafd3b46b7fa27e40238', 3, 1, '2027-03-09 15:05:04.420892+00', 'old-host:23340', 'ae8726ab497644eeb3c97d25097f4d13c8027e9cf8adf9797f576fa05387751d', 'text:c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5fbf73f66b', 0, '2027-03-09 15:05:04.553063+00', 'accepted', NULL, 'rehearsal-text-c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5-68a654e99d', 'rehearsed, not sent');
INSERT INTO public.attempts VALUES ('423ab8387206902bff5bc4cb0d31b663', 4, 1, '2027-03-10 15:05:04.302679+00', 'old-host:23466', 'e1f105680841d2c8eb30076e7914eb289dc7f6b47c691c17ff7fe43b597d1787', '853f15aae7bf063a1ea0cc826ee091ff', 4, '2027-03-10 15:05:04.544227+00', 'accepted', NULL, 'rehearsal-853f15aae7bf063a1ea0cc826ee091ff-cd80952694', 'rehearsed, not sent');
INSERT INTO public.batches VALUES (1, 1, 1, 'cfcbce2031c034ab2b6aac9e504d2b75', 'cfcbce20dfd448b1652715ab6c3f06ae', 4, 0, 'sent', 'f9216befbcee4b20278d02d50be1a766', '2027-03-08 12:30:00+00', 0, 1, 'd2c24a513d0f40051a07824243c3d943', '4f1257d1c969ba667d0e94be7dd2a311b53909077714b2618fc34080cab16581', 'f9216befbcee4b20278d02d50be1a766', '2027-03-08 15:05:04.924214+00', '2027-03-08 15:06:44.924214+00', 'old-host:23287', 'rehearsal-f9216befbcee4b20278d02d50be1a766-7e5e85ea11', 'rehearsed, not sent', 0, 0, '2027-03-08 15:05:04.924214+00');
INSERT INTO public.batches VALUES (2, 3, 1, 'cfcbce2031c034ab2b6aac9e504d2b75', 'cfcbce20dfd448b1652715ab6c3f06ae', 4, 0, 'sent', '68489c038e16ac7350557852a38bb745', '2027-03-09 12:30:00+00', 0, 1, '769774a0cd7b0449d145823a70aa19ae', 'e7afb1d97b8d0e97bab4fe974b9ee2ca2ac8e572fb4b02b9aa4fbff2297acf47', '68489c038e16ac7350557852a38bb745', '2027-03-09 15:05:04.065006+00', '2027-03-09 15:06:44.065006+00', 'old-host:23340', 'rehearsal-68489c038e16ac7350557852a38bb745-26a2e8665e', 'rehearsed, not sent', 0, 0, '2027-03-09 15:05:04.065006+00');
INSERT INTO public.batches VALUES (3, 4, 1, '', '', 1, 0, 'sent', 'f3f7cf9a92fc8320b4a9824479c3378a', '2027-03-09 15:00:00+00', 0, 1, '2259cccc3b99fafd3b46b7fa27e40238', 'ae8726ab497644eeb3c97d25097f4d13c8027e9cf8adf9797f576fa05387751d', 'text:c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5fbf73f66b', '2027-03-09 15:05:04.420892+00', '2027-03-09 15:06:44.420892+00', 'old-host:23340', 'rehearsal-text-c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5-68a654e99d', 'rehearsed, not sent', 0, 0, '2027-03-09 15:05:04.420892+00');
INSERT INTO public.batches VALUES (4, 5, 1, 'cfcbce2031c034ab2b6aac9e504d2b75', 'cfcbce20dfd448b1652715ab6c3f06ae', 4, 0, 'sent', '853f15aae7bf063a1ea0cc826ee091ff', '2027-03-10 12:30:00+00', 0, 1, '423ab8387206902bff5bc4cb0d31b663', 'e1f105680841d2c8eb30076e7914eb289dc7f6b47c691c17ff7fe43b597d1787', '853f15aae7bf063a1ea0cc826ee091ff', '2027-03-10 15:05:04.302679+00', '2027-03-10 15:06:44.302679+00', 'old-host:23466', 'rehearsal-853f15aae7bf063a1ea0cc826ee091ff-cd80952694', 'rehearsed, not sent', 0, 0, '2027-03-10 15:05:04.302679+00');
INSERT INTO public.deliveries VALUES (1, 'rehearsal', 'reading-week', 2027, 'why-we-read', 'email', 'email', '2027-03-08', '2027-03-08 12:30:00+00', '2027-03-09 05:00:00+00', 'sent', '4f1257d1c969ba667d0e94be7dd2a311b53909077714b2618fc34080cab16581', 'live would have refused: the mode is "rehearsal"', 4, 'cfcbce20dfd448b1652715ab6c3f06ae', '2027-03-08 15:05:04.688855+00', '2027-03-08 15:05:05.1655+00');
INSERT INTO public.deliveries VALUES (2, 'rehearsal', 'reading-week', 2027, 'why-we-read', 'x', 'post', '2027-03-08', '2027-03-08 17:00:00+00', '2027-03-09 05:00:00+00', 'missed', '', 'its window closed before it could go: nothing ran, or nothing could be sent, while it was open', 0, '', NULL, '2027-03-09 15:05:03.462107+00');
INSERT INTO public.deliveries VALUES (3, 'rehearsal', 'reading-week', 2027, 'a-book-a-day', 'email', 'email', '2027-03-09', '2027-03-09 12:30:00+00', '2027-03-10 05:00:00+00', 'sent', 'e7afb1d97b8d0e97bab4fe974b9ee2ca2ac8e572fb4b02b9aa4fbff2297acf47', 'live would have refused: the mode is "rehearsal"', 4, 'cfcbce20dfd448b1652715ab6c3f06ae', '2027-03-09 15:05:03.853072+00', '2027-03-09 15:05:04.201374+00');
INSERT INTO public.deliveries VALUES (4, 'rehearsal', 'reading-week', 2027, 'a-book-a-day', 'x', 'post', '2027-03-09', '2027-03-09 15:00:00+00', '2027-03-10 05:00:00+00', 'sent', 'ae8726ab497644eeb3c97d25097f4d13c8027e9cf8adf9797f576fa05387751d', 'live would have refused: the mode is "rehearsal"', 1, '', '2027-03-09 15:05:04.309649+00', '2027-03-09 15:05:04.553063+00');
INSERT INTO public.deliveries VALUES (5, 'rehearsal', 'reading-week', 2027, 'then-and-now', 'email', 'email', '2027-03-10', '2027-03-10 12:30:00+00', '2027-03-11 05:00:00+00', 'sent', 'e1f105680841d2c8eb30076e7914eb289dc7f6b47c691c17ff7fe43b597d1787', 'live would have refused: the mode is "rehearsal"', 4, 'cfcbce20dfd448b1652715ab6c3f06ae', '2027-03-10 15:05:03.977659+00', '2027-03-10 15:05:04.544227+00');
INSERT INTO public.deliveries VALUES (6, 'rehearsal', 'reading-week', 2027, 'then-and-now', 'x', 'post', '2027-03-10', '2027-03-10 15:00:00+00', '2027-03-11 05:00:00+00', 'scheduled', '', 'held by Ada since 2027-03-09 17:00 UTC: strike', 0, '', NULL, '2027-03-10 15:05:04.70429+00');
INSERT INTO public.events VALUES (1, '2027-03-01 14:00:00+00', 'subscriber.left', 'reader', NULL, '{"subscriber": "cfcbce2033b548214b906e574be9a12b", "why": "list"}', '0000000000000000000000000000000000000000000000000000000000000000', 'f4805e26f62fe6e8ba6d42717a11bbe4038e9153fbb8d10aafed77592311fa95');
INSERT INTO public.events VALUES (2, '2027-03-01 14:05:02.058845+00', 'record.signed', 'Ada', NULL, '{"campaign": "reading-week", "record_hash": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "role": "fact reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-2025"}', 'f4805e26f62fe6e8ba6d42717a11bbe4038e9153fbb8d10aafed77592311fa95', '6f80804f222e4f5fe5a2e9ee7c57ea45c9ff1c027d01cfcceca055b030f1d3a0');
INSERT INTO public.events VALUES (3, '2027-03-01 14:05:02.122522+00', 'record.signed', 'Ada', NULL, '{"campaign": "reading-week", "record_hash": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "role": "fact reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-1990"}', '6f80804f222e4f5fe5a2e9ee7c57ea45c9ff1c027d01cfcceca055b030f1d3a0', '89c46500aac90d8f5d99bd214c2b7db1101ce88935a3e5c4de0267deba2dc0ff');
INSERT INTO public.events VALUES (4, '2027-03-01 14:06:02.690781+00', 'record.signed', 'Ada', NULL, '{"campaign": "reading-week", "record_hash": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de", "role": "fact reviewer", "signed_on": "2027-03-01", "subject": "contact", "subject_id": "desk-phone"}', '89c46500aac90d8f5d99bd214c2b7db1101ce88935a3e5c4de0267deba2dc0ff', '2df9480052236cc1da9555dadf4f810f03cdcc6ec4b1c8b8e0b759164532cd6e');
INSERT INTO public.events VALUES (5, '2027-03-01 14:07:02.485959+00', 'record.signed', 'Grace', NULL, '{"campaign": "reading-week", "record_hash": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "role": "fact reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-2025"}', '2df9480052236cc1da9555dadf4f810f03cdcc6ec4b1c8b8e0b759164532cd6e', '8ecfbe632a14592c1e8c9210ef1cb2ed5de54f565c9704e1187b69f489bc1469');
INSERT INTO public.events VALUES (6, '2027-03-01 14:07:02.518137+00', 'record.signed', 'Grace', NULL, '{"campaign": "reading-week", "record_hash": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "role": "fact reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-1990"}', '8ecfbe632a14592c1e8c9210ef1cb2ed5de54f565c9704e1187b69f489bc1469', '17d6a5a1dbb0e1df2eef227aa4ba4a65e71abe50624f1eded30c43b4187292be');
INSERT INTO public.events VALUES (7, '2027-03-01 14:08:02.278341+00', 'record.signed', 'Grace', NULL, '{"campaign": "reading-week", "record_hash": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de", "role": "fact reviewer", "signed_on": "2027-03-01", "subject": "contact", "subject_id": "desk-phone"}', '17d6a5a1dbb0e1df2eef227aa4ba4a65e71abe50624f1eded30c43b4187292be', 'fbaf4a277f453b438888790d18b8377053fc615950c2b4492c258036d806c3ad');
INSERT INTO public.events VALUES (8, '2027-03-01 14:11:03.805157+00', 'approval.given', 'Grace', NULL, '{"campaign": "reading-week", "channel": "email", "comment": "", "digest": "4f1257d1c969ba667d0e94be7dd2a311b53909077714b2618fc34080cab16581", "item": "why-we-read", "role": "coordinator", "season": 2027}', 'fbaf4a277f453b438888790d18b8377053fc615950c2b4492c258036d806c3ad', '7ee0d3cd62483148884a100f9934bcaec1ac8fa1fcd2b69c9f18ce9668132be7');
INSERT INTO public.events VALUES (9, '2027-03-01 14:11:03.858126+00', 'approval.given', 'Grace', NULL, '{"campaign": "reading-week", "channel": "x", "comment": "", "digest": "f3365793952b3ac19e6ca518041156a59fe5602c77e68c3d5a756e8abbdbf4a5", "item": "why-we-read", "role": "coordinator", "season": 2027}', '7ee0d3cd62483148884a100f9934bcaec1ac8fa1fcd2b69c9f18ce9668132be7', '8e68260316065d17302939066e8d149de901a3bd4f30d4e17ef11cc4fd93ef8d');
INSERT INTO public.events VALUES (10, '2027-03-01 14:11:03.869054+00', 'approval.given', 'Grace', NULL, '{"campaign": "reading-week", "channel": "email", "comment": "", "digest": "e7afb1d97b8d0e97bab4fe974b9ee2ca2ac8e572fb4b02b9aa4fbff2297acf47", "item": "a-book-a-day", "role": "coordinator", "season": 2027}', '8e68260316065d17302939066e8d149de901a3bd4f30d4e17ef11cc4fd93ef8d', 'eef6692603c5bdac3831d7be4c67059baca2578c1e916ab7ab54f3662df792e4');
INSERT INTO public.events VALUES (11, '2027-03-01 14:11:03.886407+00', 'approval.given', 'Grace', NULL, '{"campaign": "reading-week", "channel": "x", "comment": "", "digest": "ae8726ab497644eeb3c97d25097f4d13c8027e9cf8adf9797f576fa05387751d", "item": "a-book-a-day", "role": "coordinator", "season": 2027}', 'eef6692603c5bdac3831d7be4c67059baca2578c1e916ab7ab54f3662df792e4', 'c77c650a9c24b6b9fcc13cf4326568645bb15470776b2337ab37fa2743026577');
INSERT INTO public.events VALUES (12, '2027-03-01 14:11:03.904492+00', 'approval.given', 'Grace', NULL, '{"campaign": "reading-week", "channel": "email", "comment": "", "digest": "e1f105680841d2c8eb30076e7914eb289dc7f6b47c691c17ff7fe43b597d1787", "item": "then-and-now", "role": "coordinator", "season": 2027}', 'c77c650a9c24b6b9fcc13cf4326568645bb15470776b2337ab37fa2743026577', 'e4e3cdc667e868a020ac1a6cd96248335f996e3c0f3ea532c3771b4b7fd0c640');
INSERT INTO public.events VALUES (13, '2027-03-01 14:11:03.930493+00', 'approval.given', 'Grace', NULL, '{"campaign": "reading-week", "channel": "x", "comment": "", "digest": "a21e1579152b1c112f45cbd7a27b5eaefde85adb738c57d936b62465dcfb0edd", "item": "then-and-now", "role": "coordinator", "season": 2027}', 'e4e3cdc667e868a020ac1a6cd96248335f996e3c0f3ea532c3771b4b7fd0c640', '865b7878731e57184f31c8075451ec1b81068fd5b6fa6e3bd110da379c2cddb3');
INSERT INTO public.events VALUES (14, '2027-03-01 14:12:03.744485+00', 'approval.given', 'Ada', NULL, '{"campaign": "reading-week", "channel": "email", "comment": "", "digest": "4f1257d1c969ba667d0e94be7dd2a311b53909077714b2618fc34080cab16581", "item": "why-we-read", "role": "coordinator", "season": 2027}', '865b7878731e57184f31c8075451ec1b81068fd5b6fa6e3bd110da379c2cddb3', '451f7e3cc247bca41d255b3c717543111d23760a177da1ec7fa36fada7e0adba');
INSERT INTO public.events VALUES (15, '2027-03-01 14:12:03.833064+00', 'approval.given', 'Ada', NULL, '{"campaign": "reading-week", "channel": "x", "comment": "", "digest": "f3365793952b3ac19e6ca518041156a59fe5602c77e68c3d5a756e8abbdbf4a5", "item": "why-we-read", "role": "coordinator", "season": 2027}', '451f7e3cc247bca41d255b3c717543111d23760a177da1ec7fa36fada7e0adba', 'a8959cf137089b06e37040cdd4e0aac85c4f366a7c55fcefa9979495e823e845');
INSERT INTO public.events VALUES (16, '2027-03-01 14:12:03.879758+00', 'approval.given', 'Ada', NULL, '{"campaign": "reading-week", "channel": "email", "comment": "", "digest": "e7afb1d97b8d0e97bab4fe974b9ee2ca2ac8e572fb4b02b9aa4fbff2297acf47", "item": "a-book-a-day", "role": "coordinator", "season": 2027}', 'a8959cf137089b06e37040cdd4e0aac85c4f366a7c55fcefa9979495e823e845', '847e168d15378f2ab3a4b502138a3904b6ca5ff6d43b9f3a543e43326acae5fb');
INSERT INTO public.events VALUES (17, '2027-03-01 14:12:03.924451+00', 'approval.given', 'Ada', NULL, '{"campaign": "reading-week", "channel": "x", "comment": "", "digest": "ae8726ab497644eeb3c97d25097f4d13c8027e9cf8adf9797f576fa05387751d", "item": "a-book-a-day", "role": "coordinator", "season": 2027}', '847e168d15378f2ab3a4b502138a3904b6ca5ff6d43b9f3a543e43326acae5fb', '7d5249dc711dca2f71d60e612f2a018fe78b881f1de7b4c7fd6d856ffc6ced50');
INSERT INTO public.events VALUES (18, '2027-03-01 14:12:03.975818+00', 'approval.given', 'Ada', NULL, '{"campaign": "reading-week", "channel": "email", "comment": "", "digest": "e1f105680841d2c8eb30076e7914eb289dc7f6b47c691c17ff7fe43b597d1787", "item": "then-and-now", "role": "coordinator", "season": 2027}', '7d5249dc711dca2f71d60e612f2a018fe78b881f1de7b4c7fd6d856ffc6ced50', 'e13ece63a69f695f748ecb4468eb7196813663df39386dbf6b99706498609273');
INSERT INTO public.events VALUES (19, '2027-03-01 14:12:04.016466+00', 'approval.given', 'Ada', NULL, '{"campaign": "reading-week", "channel": "x", "comment": "", "digest": "a21e1579152b1c112f45cbd7a27b5eaefde85adb738c57d936b62465dcfb0edd", "item": "then-and-now", "role": "coordinator", "season": 2027}', 'e13ece63a69f695f748ecb4468eb7196813663df39386dbf6b99706498609273', 'd6ddd2e88b0b0904c6015e9f82f3931a5251142e3215ce9c20de82c5fe0bbb7f');
INSERT INTO public.events VALUES (20, '2027-03-01 14:15:04.087508+00', 'season.armed', 'Ada', NULL, '{"campaign": "reading-week", "season": 2027}', 'd6ddd2e88b0b0904c6015e9f82f3931a5251142e3215ce9c20de82c5fe0bbb7f', '9110e1460de8cb707a3a777710dd10d544918eb2e10178327111350f179e4452');
INSERT INTO public.events VALUES (21, '2027-03-01 14:16:04.587332+00', 'delivery.planned', 'plan', 1, '{"campaign": "reading-week", "channel": "email", "due_at": "2027-03-08T12:30:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "mode": "rehearsal", "season": 2027}', '9110e1460de8cb707a3a777710dd10d544918eb2e10178327111350f179e4452', '57329e28607aaed7862bf0b801c784debb93255cee886493265865ab64b7c08a');
INSERT INTO public.events VALUES (22, '2027-03-01 14:16:04.587332+00', 'delivery.planned', 'plan', 2, '{"campaign": "reading-week", "channel": "x", "due_at": "2027-03-08T17:00:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "mode": "rehearsal", "season": 2027}', '57329e28607aaed7862bf0b801c784debb93255cee886493265865ab64b7c08a', '6153b4b28b660cce0b9ea9c4d81e1570beffe9b7d4305ef608f5ff2a80ec466e');
INSERT INTO public.events VALUES (23, '2027-03-01 14:16:04.587332+00', 'delivery.planned', 'plan', 3, '{"campaign": "reading-week", "channel": "email", "due_at": "2027-03-09T12:30:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "mode": "rehearsal", "season": 2027}', '6153b4b28b660cce0b9ea9c4d81e1570beffe9b7d4305ef608f5ff2a80ec466e', '83ea8ef7bd14521d173f6c7de2342171bd07b5653df57c8ecf59ea9555ab5051');
INSERT INTO public.events VALUES (24, '2027-03-01 14:16:04.587332+00', 'delivery.planned', 'plan', 4, '{"campaign": "reading-week", "channel": "x", "due_at": "2027-03-09T15:00:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "mode": "rehearsal", "season": 2027}', '83ea8ef7bd14521d173f6c7de2342171bd07b5653df57c8ecf59ea9555ab5051', 'a7e548dca3a84ebcc8635ac46e97b0ff134ad35c46e364e917aa436daacd09b9');
INSERT INTO public.events VALUES (25, '2027-03-01 14:16:04.587332+00', 'delivery.planned', 'plan', 5, '{"campaign": "reading-week", "channel": "email", "due_at": "2027-03-10T12:30:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "mode": "rehearsal", "season": 2027}', 'a7e548dca3a84ebcc8635ac46e97b0ff134ad35c46e364e917aa436daacd09b9', 'c849e8722738e7d58e2b69e9f0a6e982ae89023a13ffb1196b3bfca4d0b40f5a');
INSERT INTO public.events VALUES (26, '2027-03-01 14:16:04.587332+00', 'delivery.planned', 'plan', 6, '{"campaign": "reading-week", "channel": "x", "due_at": "2027-03-10T15:00:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "mode": "rehearsal", "season": 2027}', 'c849e8722738e7d58e2b69e9f0a6e982ae89023a13ffb1196b3bfca4d0b40f5a', 'faa17cc556d0ef24e583b9779f31143eb420bed632cf972fde871153f1bafa16');
INSERT INTO public.events VALUES (27, '2027-03-08 15:05:04.688855+00', 'delivery.opened', 'tick', 1, '{"frozen": 4}', 'faa17cc556d0ef24e583b9779f31143eb420bed632cf972fde871153f1bafa16', '5ce6711f80f201c199f435a433ff6c66e9e12880d2caa8e2a8aea4668b6d0dfa');
INSERT INTO public.events VALUES (28, '2027-03-08 15:05:04.924214+00', 'attempt.begun', 'tick', 1, '{"attempt": 1, "batch": 1, "digest": "4f1257d1c969ba667d0e94be7dd2a311b53909077714b2618fc34080cab16581", "node": "old-host:23287", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 4, "token": "d2c24a513d0f40051a07824243c3d943"}', '5ce6711f80f201c199f435a433ff6c66e9e12880d2caa8e2a8aea4668b6d0dfa', '174c233d22ab284330704aa190627d0c17cba208e573b161cb9d9baeeb4fbcaa');
INSERT INTO public.events VALUES (29, '2027-03-08 15:05:05.1655+00', 'attempt.accepted', 'tick', 1, '{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-f9216befbcee4b20278d02d50be1a766-7e5e85ea11", "retry_at": null, "status": null, "token": "d2c24a513d0f40051a07824243c3d943"}', '174c233d22ab284330704aa190627d0c17cba208e573b161cb9d9baeeb4fbcaa', '30363a7f17bdfe3a70a02c52a69435bdb40f919f67d5b3ad4ec67bf23afc28a2');
INSERT INTO public.events VALUES (30, '2027-03-09 15:05:03.462107+00', 'delivery.missed', 'tick', 2, '{"channel": "x", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "why": "nothing ran, or nothing could be sent, while it was open"}', '30363a7f17bdfe3a70a02c52a69435bdb40f919f67d5b3ad4ec67bf23afc28a2', '9a156bcd520742c4ae02756bf7ef6dd53aecd152cd992e767f901cbb4bba094b');
INSERT INTO public.events VALUES (31, '2027-03-09 15:05:03.853072+00', 'delivery.opened', 'tick', 3, '{"frozen": 4}', '9a156bcd520742c4ae02756bf7ef6dd53aecd152cd992e767f901cbb4bba094b', '2162f348ce189f2e66f0ccccc4ec576f55a4ae9445f188749e598ca5684602f9');
INSERT INTO public.events VALUES (32, '2027-03-09 15:05:04.065006+00', 'attempt.begun', 'tick', 3, '{"attempt": 1, "batch": 1, "digest": "e7afb1d97b8d0e97bab4fe974b9ee2ca2ac8e572fb4b02b9aa4fbff2297acf47", "node": "old-host:23340", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 4, "token": "769774a0cd7b0449d145823a70aa19ae"}', '2162f348ce189f2e66f0ccccc4ec576f55a4ae9445f188749e598ca5684602f9', '52e6a9e359b3c4ac2f2278035a76b92b86261c5bddcf13810df8ef0e5c6b72f5');
INSERT INTO public.events VALUES (33, '2027-03-09 15:05:04.201374+00', 'attempt.accepted', 'tick', 3, '{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-68489c038e16ac7350557852a38bb745-26a2e8665e", "retry_at": null, "status": null, "token": "769774a0cd7b0449d145823a70aa19ae"}', '52e6a9e359b3c4ac2f2278035a76b92b86261c5bddcf13810df8ef0e5c6b72f5', 'bba3e21ab8b1d41b76c833270ee8390a9e8dadb6a7391b43af7129eeebe5f683');
INSERT INTO public.events VALUES (34, '2027-03-09 15:05:04.309649+00', 'delivery.opened', 'tick', 4, '{"frozen": 1}', 'bba3e21ab8b1d41b76c833270ee8390a9e8dadb6a7391b43af7129eeebe5f683', '77b3f12135c5b367469c5a3c24379ff06149fbd81f54452d454b7014920f536c');
INSERT INTO public.events VALUES (35, '2027-03-09 15:05:04.420892+00', 'attempt.begun', 'tick', 4, '{"attempt": 1, "batch": 1, "digest": "ae8726ab497644eeb3c97d25097f4d13c8027e9cf8adf9797f576fa05387751d", "node": "old-host:23340", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 0, "token": "2259cccc3b99fafd3b46b7fa27e40238"}', '77b3f12135c5b367469c5a3c24379ff06149fbd81f54452d454b7014920f536c', '561b8be02b2dba66fada45d1427125212f7549fe6f685e6b1e9790b0ad779e87');
INSERT INTO public.events VALUES (36, '2027-03-09 15:05:04.553063+00', 'attempt.accepted', 'tick', 4, '{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-text-c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5-68a654e99d", "retry_at": null, "status": null, "token": "2259cccc3b99fafd3b46b7fa27e40238"}', '561b8be02b2dba66fada45d1427125212f7549fe6f685e6b1e9790b0ad779e87', '14778470434c60c6bd47cee88b82f5e1cbf9185eeae6319224f3085f09e9e046');
INSERT INTO public.events VALUES (37, '2027-03-09 17:00:02.249617+00', 'hold.set', 'Ada', NULL, '{"channel": "x", "why": "strike"}', '14778470434c60c6bd47cee88b82f5e1cbf9185eeae6319224f3085f09e9e046', '0189ebe7491d40f2b34b022af10e1458e90a00403c9983f18df7522c2102b933');
INSERT INTO public.events VALUES (38, '2027-03-10 15:05:03.977659+00', 'delivery.opened', 'tick', 5, '{"frozen": 4}', '0189ebe7491d40f2b34b022af10e1458e90a00403c9983f18df7522c2102b933', '484e5a3e506db53842344df26067c3377a95cb68ef19995a221b403102644995');
INSERT INTO public.events VALUES (39, '2027-03-10 15:05:04.302679+00', 'attempt.begun', 'tick', 5, '{"attempt": 1, "batch": 1, "digest": "e1f105680841d2c8eb30076e7914eb289dc7f6b47c691c17ff7fe43b597d1787", "node": "old-host:23466", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 4, "token": "423ab8387206902bff5bc4cb0d31b663"}', '484e5a3e506db53842344df26067c3377a95cb68ef19995a221b403102644995', '0cb16f06df45c56853f44284220b44272e0e13fb990ef5a0d3412215dd5bda4d');
INSERT INTO public.events VALUES (40, '2027-03-10 15:05:04.544227+00', 'attempt.accepted', 'tick', 5, '{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-853f15aae7bf063a1ea0cc826ee091ff-cd80952694", "retry_at": null, "status": null, "token": "423ab8387206902bff5bc4cb0d31b663"}', '0cb16f06df45c56853f44284220b44272e0e13fb990ef5a0d3412215dd5bda4d', '2da6c94df7524aaffa6abf0c8b82a87b27b7ea52a812b87003b5339e077817b1');
INSERT INTO public.events VALUES (41, '2027-03-10 15:05:04.70429+00', 'delivery.waits', 'tick', 6, '{"why": "held by Ada since 2027-03-09 17:00 UTC: strike"}', '2da6c94df7524aaffa6abf0c8b82a87b27b7ea52a812b87003b5339e077817b1', 'a22fed5f6c112c1039555baf184f3c2e11712d82dda3c9db2deca01193b60fdf');
INSERT INTO public.holds VALUES (1, 'x', 'Ada', 'strike', '2027-03-09 17:00:02.249617+00', '', NULL);
INSERT INTO public.ledger VALUES (1, '3538261cf4d03b8fbf714019b37395fc', 41, 'a22fed5f6c112c1039555baf184f3c2e11712d82dda3c9db2deca01193b60fdf', NULL);
INSERT INTO public.messages VALUES ('4f1257d1c969ba667d0e94be7dd2a311b53909077714b2618fc34080cab16581', '{"body": {"from_address": "news@example.org", "from_name": "Example Coalition", "headers": {"Auto-Submitted": "auto-generated", "List-Id": "Reading Week <reading-week.news.example.org>"}, "html": "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Why we read</title>\n<style>@media (prefers-color-scheme:dark){.page{background-color:#12171e!important}.card{background-color:#1b222c!important}.card,.h1,.h2,.h3,.quote,.help,.help_title,.digits,.digits_small,.help_line,.part,.part_now{color:#e8edf3!important}.lead,.eyebrow,.attribution,.small,.foot,.help_hours{color:#a5b0bd!important}.link{color:#8db8f2!important}.blockquote,.action{border-color:#8db8f2!important}.note{border-color:#7d8896!important}.hr,.part{border-color:#3a4553!important}.help,.part_now{background-color:#12171e!important;border-color:#8db8f2!important}.button{background-color:#8db8f2!important}.button_link{color:#12171e!important}}@media (max-width:480px){.outer{padding:0 0 24px!important}.band,.card{padding-left:16px!important;padding-right:16px!important;border-radius:0!important}.help{padding:16px 16px 0!important}}</style>\n</head>\n<body class=\"page\" style=\"margin:0;padding:0;background-color:#eaf1fb;-webkit-text-size-adjust:100%;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"outer\" align=\"center\" style=\"padding:8px 8px 32px\">\n<table role=\"presentation\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"width:100%;max-width:600px;border-collapse:separate;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<tr><td class=\"lead\" align=\"left\" style=\"padding:8px 16px;font-size:14px;line-height:1.5;color:#56616f\">Five days, five short letters</td></tr>\n<tr><td class=\"band\" align=\"left\" style=\"padding:16px 24px;background-color:#1f4e8c;color:#ffffff;border-radius:6px 6px 0 0\">\n<p style=\"margin:0;font-size:18px;line-height:1.3;font-weight:bold;color:#ffffff\">Reading Week</p>\n<p style=\"margin:4px 0 0;font-size:15px;line-height:1.4;color:#ffffff\">Day 1 of 3, Monday 8 March 2027</p>\n</td></tr>\n<tr><td class=\"card\" align=\"left\" style=\"padding:24px 24px 8px;background-color:#ffffff;color:#1b2430;border-radius:0 0 6px 6px;overflow-wrap:break-word;word-break:break-word\">\n<h1 class=\"h1\" style=\"margin:0 0 16px;font-size:26px;line-height:1.25;font-weight:bold;color:#1b2430\">Why we read</h1>\n<p style=\"margin:0 0 16px\">Good morning.</p>\n<p style=\"margin:0 0 16px\">the town library had 4,100 members at the end of 2025, says the Annual Report 2025.</p>\n<p class=\"small\" style=\"margin:0 0 8px;font-size:14px;line-height:1.5;color:#56616f\">\nFigures: 4,100, as of December 2025. Source: <a class=\"link\" href=\"https://library.example/report-2025\" style=\"color:#1f4e8c;text-decoration:underline\">Annual Report 2025</a>, Town Library, February 2026.\n</p>\n<div style=\"height:12px;line-height:12px;font-size:1px\">&nbsp;</div>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"help\" style=\"padding:20px 20px 4px;background-color:#eaf1fb;color:#1b2430;border:2px solid #1f4e8c;border-radius:6px\">\n<h2 class=\"help_title\" style=\"margin:0 0 12px;font-size:20px;line-height:1.3;font-weight:bold;color:#1b2430\">Help</h2>\n<p class=\"digits\" style=\"margin:0;font-size:28px;line-height:1.3;font-weight:bold;color:#1b2430\"><a class=\"link\" href=\"tel:+15550100199\" style=\"color:#1f4e8c;text-decoration:underline\">1-555-010-0199</a></p>\n<p class=\"help_line\" style=\"margin:0;font-size:15px;line-height:1.45;color:#1b2430\">\n<strong>Library desk.</strong> Questions about books, cards and events.\n</p>\n<p class=\"help_hours\" style=\"margin:0 0 16px;font-size:14px;line-height:1.5;color:#56616f\">\nMonday to Friday, 9 to 17. English.\n</p>\n</td>\n</tr></table>\n<div style=\"height:20px;line-height:20px;font-size:1px\">&nbsp;</div>\n</td></tr>\n<tr><td class=\"foot\" align=\"left\" style=\"padding:20px 16px 0;font-size:14px;line-height:1.5;color:#56616f\">\n<p style=\"margin:0 0 16px\">You get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.</p>\n<p style=\"margin:0 0 16px\"><a class=\"link\" href=\"%unsubscribe_url%\" style=\"color:#1f4e8c;text-decoration:underline\">Get fewer of these emails, or stop them</a>.</p>\n<p style=\"margin:0 0 16px\">If someone checks this inbox, use a safer device to read about this or to look for help.</p>\n<p style=\"margin:0 0 16px\">A reply reaches Example Coalition. It is not a help line and may be read late; use the numbers above for help.</p>\n<p style=\"margin:0 0 16px\">Example Coalition<br>1 Example Street, Example Town, EX 00000</p>\n</td></tr>\n</table>\n</td>\n</tr></table>\n</body>\n</html>\n", "list_id": "Reading Week <reading-week.news.example.org>", "preheader": "Five days, five short letters", "reply_to": "hello@example.org", "subject": "Why we read", "text": "Five days, five short letters\n\nReading Week\nDay 1 of 3, Monday 8 March 2027\n\nWhy we read\n===========\n\nGood morning.\n\nthe town library had 4,100 members at the end of 2025, says the Annual\nReport 2025.\n\nFigures: 4,100, as of December 2025. Source: Annual Report 2025, Town\nLibrary, February 2026.\nhttps://library.example/report-2025\n\nHelp\n----\n\n1-555-010-0199\n  Library desk. Questions about books, cards and events. Monday to\n  Friday, 9 to 17. English.\n\n------------------------------------------------------------------------\n\nYou get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.\n\nGet fewer of these emails, or stop them:\n%unsubscribe_url%\n\nIf someone checks this inbox, use a safer device to read about this or\nto look for help.\n\nA reply reaches Example Coalition. It is not a help line and may be read\nlate; use the numbers above for help.\n\nExample Coalition\n1 Example Street, Example Town, EX 00000\n", "tokens": ["%unsubscribe_url%"], "type": "EmailBody"}, "campaign": "reading-week", "channel": "email", "claims": ["members-2025"], "contacts": ["desk-phone"], "due_at": "2027-03-08T12:30:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "kind": "fact", "links": ["https://library.example/report-2025"], "on": "2027-03-08", "quotations": [], "rests_on": {"claim:members-2025": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
INSERT INTO public.messages VALUES ('e7afb1d97b8d0e97bab4fe974b9ee2ca2ac8e572fb4b02b9aa4fbff2297acf47', '{"body": {"from_address": "news@example.org", "from_name": "Example Coalition", "headers": {"Auto-Submitted": "auto-generated", "List-Id": "Reading Week <reading-week.news.example.org>"}, "html": "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Ten minutes a day</title>\n<style>@media (prefers-color-scheme:dark){.page{background-color:#12171e!important}.card{background-color:#1b222c!important}.card,.h1,.h2,.h3,.quote,.help,.help_title,.digits,.digits_small,.help_line,.part,.part_now{color:#e8edf3!important}.lead,.eyebrow,.attribution,.small,.foot,.help_hours{color:#a5b0bd!important}.link{color:#8db8f2!important}.blockquote,.action{border-color:#8db8f2!important}.note{border-color:#7d8896!important}.hr,.part{border-color:#3a4553!important}.help,.part_now{background-color:#12171e!important;border-color:#8db8f2!important}.button{background-color:#8db8f2!important}.button_link{color:#12171e!important}}@media (max-width:480px){.outer{padding:0 0 24px!important}.band,.card{padding-left:16px!important;padding-right:16px!important;border-radius:0!important}.help{padding:16px 16px 0!important}}</style>\n</head>\n<body class=\"page\" style=\"margin:0;padding:0;background-color:#eaf1fb;-webkit-text-size-adjust:100%;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"outer\" align=\"center\" style=\"padding:8px 8px 32px\">\n<table role=\"presentation\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"width:100%;max-width:600px;border-collapse:separate;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<tr><td class=\"band\" align=\"left\" style=\"padding:16px 24px;background-color:#1f4e8c;color:#ffffff;border-radius:6px 6px 0 0\">\n<p style=\"margin:0;font-size:18px;line-height:1.3;font-weight:bold;color:#ffffff\">Reading Week</p>\n<p style=\"margin:4px 0 0;font-size:15px;line-height:1.4;color:#ffffff\">Day 2 of 3, Tuesday 9 March 2027</p>\n</td></tr>\n<tr><td class=\"card\" align=\"left\" style=\"padding:24px 24px 8px;background-color:#ffffff;color:#1b2430;border-radius:0 0 6px 6px;overflow-wrap:break-word;word-break:break-word\">\n<h1 class=\"h1\" style=\"margin:0 0 16px;font-size:26px;line-height:1.25;font-weight:bold;color:#1b2430\">Ten minutes a day</h1>\n<p style=\"margin:0 0 16px\">Ten minutes a day are a book a month.</p>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"help\" style=\"padding:20px 20px 4px;background-color:#eaf1fb;color:#1b2430;border:2px solid #1f4e8c;border-radius:6px\">\n<h2 class=\"help_title\" style=\"margin:0 0 12px;font-size:20px;line-height:1.3;font-weight:bold;color:#1b2430\">Help</h2>\n<p class=\"digits\" style=\"margin:0;font-size:28px;line-height:1.3;font-weight:bold;color:#1b2430\"><a class=\"link\" href=\"tel:+15550100199\" style=\"color:#1f4e8c;text-decoration:underline\">1-555-010-0199</a></p>\n<p class=\"help_line\" style=\"margin:0;font-size:15px;line-height:1.45;color:#1b2430\">\n<strong>Library desk.</strong> Questions about books, cards and events.\n</p>\n<p class=\"help_hours\" style=\"margin:0 0 16px;font-size:14px;line-height:1.5;color:#56616f\">\nMonday to Friday, 9 to 17. English.\n</p>\n</td>\n</tr></table>\n<div style=\"height:20px;line-height:20px;font-size:1px\">&nbsp;</div>\n</td></tr>\n<tr><td class=\"foot\" align=\"left\" style=\"padding:20px 16px 0;font-size:14px;line-height:1.5;color:#56616f\">\n<p style=\"margin:0 0 16px\">You get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.</p>\n<p style=\"margin:0 0 16px\"><a class=\"link\" href=\"%unsubscribe_url%\" style=\"color:#1f4e8c;text-decoration:underline\">Get fewer of these emails, or stop them</a>.</p>\n<p style=\"margin:0 0 16px\">If someone checks this inbox, use a safer device to read about this or to look for help.</p>\n<p style=\"margin:0 0 16px\">A reply reaches Example Coalition. It is not a help line and may be read late; use the numbers above for help.</p>\n<p style=\"margin:0 0 16px\">Example Coalition<br>1 Example Street, Example Town, EX 00000</p>\n</td></tr>\n</table>\n</td>\n</tr></table>\n</body>\n</html>\n", "list_id": "Reading Week <reading-week.news.example.org>", "preheader": "", "reply_to": "hello@example.org", "subject": "Ten minutes a day", "text": "Reading Week\nDay 2 of 3, Tuesday 9 March 2027\n\nTen minutes a day\n=================\n\nTen minutes a day are a book a month.\n\nHelp\n----\n\n1-555-010-0199\n  Library desk. Questions about books, cards and events. Monday to\n  Friday, 9 to 17. English.\n\n------------------------------------------------------------------------\n\nYou get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.\n\nGet fewer of these emails, or stop them:\n%unsubscribe_url%\n\nIf someone checks this inbox, use a safer device to read about this or\nto look for help.\n\nA reply reaches Example Coalition. It is not a help line and may be read\nlate; use the numbers above for help.\n\nExample Coalition\n1 Example Street, Example Town, EX 00000\n", "tokens": ["%unsubscribe_url%"], "type": "EmailBody"}, "campaign": "reading-week", "channel": "email", "claims": [], "contacts": ["desk-phone"], "due_at": "2027-03-09T12:30:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "kind": "action", "links": [], "on": "2027-03-09", "quotations": [], "rests_on": {"contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
INSERT INTO public.messages VALUES ('ae8726ab497644eeb3c97d25097f4d13c8027e9cf8adf9797f576fa05387751d', '{"body": {"alt_text": "", "characters": 67, "contains_url": false, "limit": 280, "text": "Ten minutes a day are a book a month.\n\nLibrary desk: 1-555-010-0199", "type": "PostBody"}, "campaign": "reading-week", "channel": "x", "claims": [], "contacts": ["desk-phone"], "due_at": "2027-03-09T15:00:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "kind": "action", "links": [], "on": "2027-03-09", "quotations": [], "rests_on": {"contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
INSERT INTO public.messages VALUES ('e1f105680841d2c8eb30076e7914eb289dc7f6b47c691c17ff7fe43b597d1787', '{"body": {"from_address": "news@example.org", "from_name": "Example Coalition", "headers": {"Auto-Submitted": "auto-generated", "List-Id": "Reading Week <reading-week.news.example.org>"}, "html": "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>How many readers? Then and now</title>\n<style>@media (prefers-color-scheme:dark){.page{background-color:#12171e!important}.card{background-color:#1b222c!important}.card,.h1,.h2,.h3,.quote,.help,.help_title,.digits,.digits_small,.help_line,.part,.part_now{color:#e8edf3!important}.lead,.eyebrow,.attribution,.small,.foot,.help_hours{color:#a5b0bd!important}.link{color:#8db8f2!important}.blockquote,.action{border-color:#8db8f2!important}.note{border-color:#7d8896!important}.hr,.part{border-color:#3a4553!important}.help,.part_now{background-color:#12171e!important;border-color:#8db8f2!important}.button{background-color:#8db8f2!important}.button_link{color:#12171e!important}}@media (max-width:480px){.outer{padding:0 0 24px!important}.band,.card{padding-left:16px!important;padding-right:16px!important;border-radius:0!important}.help{padding:16px 16px 0!important}}</style>\n</head>\n<body class=\"page\" style=\"margin:0;padding:0;background-color:#eaf1fb;-webkit-text-size-adjust:100%;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"outer\" align=\"center\" style=\"padding:8px 8px 32px\">\n<table role=\"presentation\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"width:100%;max-width:600px;border-collapse:separate;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<tr><td class=\"band\" align=\"left\" style=\"padding:16px 24px;background-color:#1f4e8c;color:#ffffff;border-radius:6px 6px 0 0\">\n<p style=\"margin:0;font-size:18px;line-height:1.3;font-weight:bold;color:#ffffff\">Reading Week</p>\n<p style=\"margin:4px 0 0;font-size:15px;line-height:1.4;color:#ffffff\">Day 3 of 3, Wednesday 10 March 2027</p>\n</td></tr>\n<tr><td class=\"card\" align=\"left\" style=\"padding:24px 24px 8px;background-color:#ffffff;color:#1b2430;border-radius:0 0 6px 6px;overflow-wrap:break-word;word-break:break-word\">\n<p class=\"eyebrow\" style=\"margin:0 0 4px;font-size:14px;line-height:1.5;color:#56616f\">Town Reading Day</p>\n<h1 class=\"h1\" style=\"margin:0 0 16px;font-size:26px;line-height:1.25;font-weight:bold;color:#1b2430\">How many readers? Then and now</h1>\n<p style=\"margin:0 0 16px\">In 1990: 900. Now: 4,100.</p>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"part\" style=\"padding:16px 16px 4px;border:1px solid #d5dbe3;border-radius:6px;color:#1b2430\">\n<h2 class=\"label\" style=\"margin:0 0 8px;font-size:17px;line-height:1.3;font-weight:bold\">Then</h2>\n<p style=\"margin:0 0 4px\">&ldquo;The town has 900 members today, and room for each one of them.&rdquo;</p>\n<p class=\"attribution\" style=\"margin:0 0 12px;font-size:14px;line-height:1.5;color:#56616f\">The founders, founding letter, 1990</p>\n</td>\n</tr></table>\n<div style=\"height:12px;line-height:12px;font-size:1px\">&nbsp;</div>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"part_now\" style=\"padding:16px 16px 4px;border:1px solid #1f4e8c;border-radius:6px;color:#1b2430;background-color:#eaf1fb\">\n<h2 class=\"label\" style=\"margin:0 0 8px;font-size:17px;line-height:1.3;font-weight:bold\">Now</h2>\n<p style=\"margin:0 0 4px\">the town library had 4,100 members at the end of 2025.</p>\n<p class=\"attribution\" style=\"margin:0 0 12px;font-size:14px;line-height:1.5;color:#56616f\">\nSource: <a class=\"link\" href=\"https://library.example/report-2025\" style=\"color:#1f4e8c;text-decoration:underline\">Annual Report 2025</a>, Town Library, February 2026.\n</p>\n</td>\n</tr></table>\n<div style=\"height:20px;line-height:20px;font-size:1px\">&nbsp;</div>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"help\" style=\"padding:20px 20px 4px;background-color:#eaf1fb;color:#1b2430;border:2px solid #1f4e8c;border-radius:6px\">\n<h2 class=\"help_title\" style=\"margin:0 0 12px;font-size:20px;line-height:1.3;font-weight:bold;color:#1b2430\">Help</h2>\n<p class=\"digits\" style=\"margin:0;font-size:28px;line-height:1.3;font-weight:bold;color:#1b2430\"><a class=\"link\" href=\"tel:+15550100199\" style=\"color:#1f4e8c;text-decoration:underline\">1-555-010-0199</a></p>\n<p class=\"help_line\" style=\"margin:0;font-size:15px;line-height:1.45;color:#1b2430\">\n<strong>Library desk.</strong> Questions about books, cards and events.\n</p>\n<p class=\"help_hours\" style=\"margin:0 0 16px;font-size:14px;line-height:1.5;color:#56616f\">\nMonday to Friday, 9 to 17. English.\n</p>\n</td>\n</tr></table>\n<div style=\"height:20px;line-height:20px;font-size:1px\">&nbsp;</div>\n</td></tr>\n<tr><td class=\"foot\" align=\"left\" style=\"padding:20px 16px 0;font-size:14px;line-height:1.5;color:#56616f\">\n<p style=\"margin:0 0 16px\">You get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.</p>\n<p style=\"margin:0 0 16px\"><a class=\"link\" href=\"%unsubscribe_url%\" style=\"color:#1f4e8c;text-decoration:underline\">Get fewer of these emails, or stop them</a>.</p>\n<p style=\"margin:0 0 16px\">If someone checks this inbox, use a safer device to read about this or to look for help.</p>\n<p style=\"margin:0 0 16px\">A reply reaches Example Coalition. It is not a help line and may be read late; use the numbers above for help.</p>\n<p style=\"margin:0 0 16px\">Example Coalition<br>1 Example Street, Example Town, EX 00000</p>\n</td></tr>\n</table>\n</td>\n</tr></table>\n</body>\n</html>\n", "list_id": "Reading Week <reading-week.news.example.org>", "preheader": "", "reply_to": "hello@example.org", "subject": "How many readers? Then and now", "text": "Reading Week\nDay 3 of 3, Wednesday 10 March 2027\n\nTown Reading Day\n\nHow many readers? Then and now\n==============================\n\nIn 1990: 900. Now: 4,100.\n\nThen\n----\n\n“The town has 900 members today, and room for each one of them.”\nThe founders, founding letter, 1990\n\nNow\n---\n\nthe town library had 4,100 members at the end of 2025.\nSource: Annual Report 2025, Town Library, February 2026.\nhttps://library.example/report-2025\n\nHelp\n----\n\n1-555-010-0199\n  Library desk. Questions about books, cards and events. Monday to\n  Friday, 9 to 17. English.\n\n------------------------------------------------------------------------\n\nYou get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.\n\nGet fewer of these emails, or stop them:\n%unsubscribe_url%\n\nIf someone checks this inbox, use a safer device to read about this or\nto look for help.\n\nA reply reaches Example Coalition. It is not a help line and may be read\nlate; use the numbers above for help.\n\nExample Coalition\n1 Example Street, Example Town, EX 00000\n", "tokens": ["%unsubscribe_url%"], "type": "EmailBody"}, "campaign": "reading-week", "channel": "email", "claims": ["members-1990", "members-2025"], "contacts": ["desk-phone"], "due_at": "2027-03-10T12:30:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "kind": "then-now", "links": ["https://library.example/report-2025"], "on": "2027-03-10", "quotations": ["founding-letter#L2"], "rests_on": {"claim:members-1990": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "claim:members-2025": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de", "source:founding-letter": "a86bbacd2670de2fa7b55a69d3ea9bcd55748b01af676e965fe7c773438dae6b"}, "season": 2027}');
INSERT INTO public.recipients VALUES (1, 'cfcbce2031c034ab2b6aac9e504d2b75', 1, NULL, NULL);
INSERT INTO public.recipients VALUES (1, 'cfcbce20368c8a05f76ec9ef4c4a7281', 1, NULL, NULL);
INSERT INTO public.recipients VALUES (1, 'cfcbce2054ee64cb1de6d8140de7dd4c', 1, NULL, NULL);
INSERT INTO public.recipients VALUES (1, 'cfcbce20dfd448b1652715ab6c3f06ae', 1, NULL, NULL);
INSERT INTO public.recipients VALUES (3, 'cfcbce2031c034ab2b6aac9e504d2b75', 1, NULL, NULL);
INSERT INTO public.recipients VALUES (3, 'cfcbce20368c8a05f76ec9ef4c4a7281', 1, NULL, NULL);
INSERT INTO public.recipients VALUES (3, 'cfcbce2054ee64cb1de6d8140de7dd4c', 1, NULL, NULL);
INSERT INTO public.recipients VALUES (3, 'cfcbce20dfd448b1652715ab6c3f06ae', 1, NULL, NULL);
INSERT INTO public.recipients VALUES (5, 'cfcbce2031c034ab2b6aac9e504d2b75', 1, NULL, NULL);
INSERT INTO public.recipients VALUES (5, 'cfcbce20368c8a05f76ec9ef4c4a7281', 1, NULL, NULL);
INSERT INTO public.recipients VALUES (5, 'cfcbce2054ee64cb1de6d8140de7dd4c', 1, NULL, NULL);
INSERT INTO public.recipients VALUES (5, 'cfcbce20dfd448b1652715ab6c3f06ae', 1, NULL, NULL);
INSERT INTO public.signatures VALUES (1, 'reading-week', 'claim', 'members-2025', '83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37', 'Ada', 'fact reviewer', '2027-03-01');
INSERT INTO public.signatures VALUES (2, 'reading-week', 'claim', 'members-1990', 'b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63', 'Ada', 'fact reviewer', '2027-03-01');
INSERT INTO public.signatures VALUES (3, 'reading-week', 'contact', 'desk-phone', 'c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de', 'Ada', 'fact reviewer', '2027-03-01');
INSERT INTO public.signatures VALUES (4, 'reading-week', 'claim', 'members-2025', '83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37', 'Grace', 'fact reviewer', '2027-03-01');
INSERT INTO public.signatures VALUES (5, 'reading-week', 'claim', 'members-1990', 'b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63', 'Grace', 'fact reviewer', '2027-03-01');
INSERT INTO public.signatures VALUES (6, 'reading-week', 'contact', 'desk-phone', 'c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de', 'Grace', 'fact reviewer', '2027-03-01');
INSERT INTO public.subscribers VALUES ('cfcbce20dfd448b1652715ab6c3f06ae', 'ann@example.org', 'ann@example.org', 'Ann', '', 'active', 'import readers.csv', '2027-03-01 14:00:01.880524+00');
INSERT INTO public.subscribers VALUES ('cfcbce2054ee64cb1de6d8140de7dd4c', 'ben@example.org', 'ben@example.org', 'Ben', 'America/Chicago', 'active', 'import readers.csv', '2027-03-01 14:00:01.880524+00');
INSERT INTO public.subscribers VALUES ('cfcbce20368c8a05f76ec9ef4c4a7281', 'cleo@example.org', 'cleo@example.org', '', '', 'active', 'import readers.csv', '2027-03-01 14:00:01.880524+00');
INSERT INTO public.subscribers VALUES ('cfcbce2031c034ab2b6aac9e504d2b75', 'eve@example.org', 'eve@example.org', 'Eve', 'Europe/Berlin', 'active', 'import readers.csv', '2027-03-01 14:00:01.880524+00');
INSERT INTO public.subscribers VALUES ('cfcbce2033b548214b906e574be9a12b', 'dan@example.org', 'dan@example.org', 'Dan', '', 'unsubscribed', 'import readers.csv', '2027-03-01 14:00:01.880524+00');
INSERT INTO public.suppressions VALUES ('dan@example.org', 'cfcbce2033b548214b906e574be9a12b', 'list', '', '2027-03-01 14:00:00+00');
SELECT pg_catalog.setval('public.approvals_id_seq', 12, true);
SELECT pg_catalog.setval('public.armings_id_seq', 1, true);
SELECT pg_catalog.setval('public.batches_id_seq', 4, true);
SELECT pg_catalog.setval('public.deliveries_id_seq', 6, true);
SELECT pg_catalog.setval('public.holds_id_seq', 1, true);
SELECT pg_catalog.setval('public.signatures_id_seq', 6, true);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.approvals
    ADD CONSTRAINT pk_approvals PRIMARY KEY (id);
ALTER TABLE ONLY public.armings
    ADD CONSTRAINT pk_armings PRIMARY KEY (id);
ALTER TABLE ONLY public.attempts
    ADD CONSTRAINT pk_attempts PRIMARY KEY (token);
ALTER TABLE ONLY public.batches
    ADD CONSTRAINT pk_batches PRIMARY KEY (id);
ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT pk_deliveries PRIMARY KEY (id);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT pk_events PRIMARY KEY (id);
ALTER TABLE ONLY public.holds
    ADD CONSTRAINT pk_holds PRIMARY KEY (id);
ALTER TABLE ONLY public.ledger
    ADD CONSTRAINT pk_ledger PRIMARY KEY (id);
ALTER TABLE ONLY public.messages
    ADD CONSTRAINT pk_messages PRIMARY KEY (digest);
ALTER TABLE ONLY public.recipients
    ADD CONSTRAINT pk_recipients PRIMARY KEY (delivery_id, subscriber_id);
ALTER TABLE ONLY public.signatures
    ADD CONSTRAINT pk_signatures PRIMARY KEY (id);
ALTER TABLE ONLY public.subscribers
    ADD CONSTRAINT pk_subscribers PRIMARY KEY (id);
ALTER TABLE ONLY public.suppressions
    ADD CONSTRAINT pk_suppressions PRIMARY KEY (address_key);
ALTER TABLE ONLY public.attempts
    ADD CONSTRAINT uq_attempts_batch_id_number UNIQUE (batch_id, number);
ALTER TABLE ONLY public.batches
    ADD CONSTRAINT uq_batches_delivery_id_number UNIQUE (delivery_id, number);
ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT uq_deliveries_mode_campaign_season_item_channel UNIQUE (mode, campaign, season, item, channel);
ALTER TABLE ONLY public.signatures
    ADD CONSTRAINT uq_signatures_record_person_role UNIQUE (campaign, subject, subject_id, record_hash, person, role);
ALTER TABLE ONLY public.subscribers
    ADD CONSTRAINT uq_subscribers_address_key UNIQUE (address_key);
CREATE INDEX ix_approvals_campaign_season_item_channel ON public.approvals USING btree (campaign, season, item, channel);
CREATE INDEX ix_armings_campaign_season ON public.armings USING btree (campaign, season);
CREATE INDEX ix_batches_state ON public.batches USING btree (state);
CREATE INDEX ix_deliveries_mode_state_due_at ON public.deliveries USING btree (mode, state, due_at);
CREATE INDEX ix_events_delivery_id ON public.events USING btree (delivery_id);
CREATE TRIGGER events_append_only BEFORE DELETE OR UPDATE ON public.events FOR EACH ROW EXECUTE FUNCTION public.events_append_only();
ALTER TABLE ONLY public.attempts
    ADD CONSTRAINT fk_attempts_batch_id FOREIGN KEY (batch_id) REFERENCES public.batches(id);
ALTER TABLE ONLY public.batches
    ADD CONSTRAINT fk_batches_delivery_id FOREIGN KEY (delivery_id) REFERENCES public.deliveries(id);
ALTER TABLE ONLY public.recipients
    ADD CONSTRAINT fk_recipients_delivery_id FOREIGN KEY (delivery_id) REFERENCES public.deliveries(id);
