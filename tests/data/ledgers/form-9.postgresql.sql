CREATE FUNCTION public.append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'the history is append-only'; END $$;
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.api_keys (
    id bigint NOT NULL,
    name character varying(64) NOT NULL,
    scope character varying(16) NOT NULL,
    person character varying(200) NOT NULL,
    role character varying(100) DEFAULT ''::character varying NOT NULL,
    token_hash character varying(64) NOT NULL,
    made_by character varying(200) NOT NULL,
    made_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    last_used_on date,
    revoked_at timestamp with time zone,
    revoked_by character varying(200) DEFAULT ''::character varying NOT NULL,
    CONSTRAINT ck_api_keys_scope CHECK (((scope)::text = ANY ((ARRAY['read'::character varying, 'review'::character varying, 'operate'::character varying])::text[])))
);
CREATE SEQUENCE public.api_keys_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.api_keys_id_seq OWNED BY public.api_keys.id;
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
    not_after_at timestamp with time zone,
    first_item character varying(200) DEFAULT ''::character varying NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    tried_at timestamp with time zone,
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
CREATE TABLE public.cadences (
    subscriber_id character varying(64) NOT NULL,
    since_at timestamp with time zone NOT NULL,
    cadence character varying(16) NOT NULL
);
CREATE TABLE public.change_requests (
    id bigint NOT NULL,
    campaign character varying(200) NOT NULL,
    season integer NOT NULL,
    item character varying(200) NOT NULL,
    channel character varying(100) NOT NULL,
    digest character varying(64) NOT NULL,
    person character varying(200) NOT NULL,
    role character varying(100) NOT NULL,
    comment_id bigint NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    ended_by character varying(200) DEFAULT ''::character varying NOT NULL,
    how character varying(16) DEFAULT ''::character varying NOT NULL
);
CREATE SEQUENCE public.change_requests_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.change_requests_id_seq OWNED BY public.change_requests.id;
CREATE TABLE public.comments (
    id bigint NOT NULL,
    campaign character varying(200) NOT NULL,
    season integer NOT NULL,
    item character varying(200) NOT NULL,
    channel character varying(100) DEFAULT ''::character varying NOT NULL,
    person character varying(200) NOT NULL,
    role character varying(100) NOT NULL,
    about character varying(32) NOT NULL,
    answers bigint,
    text text NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.comments_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.comments_id_seq OWNED BY public.comments.id;
CREATE TABLE public.confirmations (
    token_hash character varying(64) NOT NULL,
    subscriber_id character varying(64) NOT NULL,
    wording character varying(64) DEFAULT ''::character varying NOT NULL,
    what text DEFAULT ''::text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);
CREATE TABLE public.consents (
    id bigint NOT NULL,
    subscriber_id character varying(64) DEFAULT ''::character varying NOT NULL,
    source text DEFAULT ''::text NOT NULL,
    at timestamp with time zone NOT NULL,
    how character varying(16) NOT NULL,
    what text DEFAULT ''::text NOT NULL,
    wording character varying(64) DEFAULT ''::character varying NOT NULL,
    who character varying(200) DEFAULT ''::character varying NOT NULL,
    CONSTRAINT ck_consents_how CHECK (((how)::text = ANY ((ARRAY['import'::character varying, 'added'::character varying, 'form'::character varying, 'confirmed'::character varying, 'changed'::character varying, 'withdrawn'::character varying])::text[])))
);
CREATE SEQUENCE public.consents_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.consents_id_seq OWNED BY public.consents.id;
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
    audience text DEFAULT ''::text NOT NULL,
    opened_at timestamp with time zone,
    skipped_at timestamp with time zone,
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
CREATE TABLE public.file_edits (
    id bigint NOT NULL,
    campaign character varying(200) NOT NULL,
    kind character varying(16) NOT NULL,
    record character varying(200) NOT NULL,
    file character varying(300) NOT NULL,
    person character varying(200) NOT NULL,
    edited_at timestamp with time zone NOT NULL,
    before character varying(64) NOT NULL,
    after character varying(64) NOT NULL,
    fields text DEFAULT ''::text NOT NULL
);
CREATE SEQUENCE public.file_edits_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.file_edits_id_seq OWNED BY public.file_edits.id;
CREATE TABLE public.hashed_suppressions (
    address_hash character varying(64) NOT NULL,
    subscriber_id character varying(64) DEFAULT ''::character varying NOT NULL,
    reason character varying(32) NOT NULL,
    source text DEFAULT ''::text NOT NULL,
    at timestamp with time zone NOT NULL
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
CREATE TABLE public.invitations (
    id bigint NOT NULL,
    campaign character varying(200) NOT NULL,
    season integer NOT NULL,
    name character varying(200) NOT NULL,
    role character varying(100) NOT NULL,
    token_hash character varying(64) NOT NULL,
    invited_by character varying(200) NOT NULL,
    invited_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    first_look_at timestamp with time zone,
    last_look_at timestamp with time zone,
    revoked_at timestamp with time zone,
    revoked_by character varying(200) DEFAULT ''::character varying NOT NULL
);
CREATE SEQUENCE public.invitations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.invitations_id_seq OWNED BY public.invitations.id;
CREATE TABLE public.ledger (
    id integer NOT NULL,
    ledger_id character varying(32) NOT NULL,
    events bigint NOT NULL,
    last_hash character varying(64) NOT NULL,
    copied_at timestamp with time zone,
    CONSTRAINT ck_ledger_one_row CHECK ((id = 1))
);
CREATE TABLE public.letters (
    id bigint NOT NULL,
    subscriber_id character varying(64) NOT NULL,
    kind character varying(16) NOT NULL,
    state character varying(16) NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    try_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    why text DEFAULT ''::text NOT NULL,
    CONSTRAINT ck_letters_kind CHECK (((kind)::text = ANY ((ARRAY['confirm'::character varying, 'welcome'::character varying, 'already-there'::character varying])::text[]))),
    CONSTRAINT ck_letters_state CHECK (((state)::text = ANY ((ARRAY['waiting'::character varying, 'sending'::character varying, 'sent'::character varying, 'unknown'::character varying, 'given-up'::character varying])::text[])))
);
CREATE SEQUENCE public.letters_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.letters_id_seq OWNED BY public.letters.id;
CREATE TABLE public.messages (
    digest character varying(64) NOT NULL,
    body text NOT NULL
);
CREATE TABLE public.packets (
    campaign character varying(200) NOT NULL,
    season integer NOT NULL,
    edition character varying(64) NOT NULL,
    made_at timestamp with time zone NOT NULL,
    held text NOT NULL
);
CREATE TABLE public.people (
    id bigint NOT NULL,
    name character varying(200) NOT NULL,
    name_key character varying(200) NOT NULL,
    role character varying(100) NOT NULL,
    password text,
    created_at timestamp with time zone NOT NULL,
    created_by character varying(200) NOT NULL,
    disabled_at timestamp with time zone
);
CREATE SEQUENCE public.people_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.people_id_seq OWNED BY public.people.id;
CREATE TABLE public.proofs (
    send_id character varying(64) NOT NULL,
    reference text DEFAULT ''::text NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.receipts (
    event_id character varying(128) NOT NULL,
    kind character varying(32) NOT NULL,
    at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    send_id character varying(64) DEFAULT ''::character varying NOT NULL,
    subscriber_id character varying(64) DEFAULT ''::character varying NOT NULL,
    detail text DEFAULT ''::text NOT NULL
);
CREATE TABLE public.recipients (
    delivery_id bigint NOT NULL,
    subscriber_id character varying(64) NOT NULL,
    batch_number integer NOT NULL,
    state character varying(16),
    reason text
);
CREATE TABLE public.sessions (
    id bigint NOT NULL,
    token_hash character varying(64) NOT NULL,
    person_id bigint NOT NULL,
    how character varying(16) NOT NULL,
    started_at timestamp with time zone NOT NULL,
    last_look_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone
);
CREATE SEQUENCE public.sessions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.sessions_id_seq OWNED BY public.sessions.id;
CREATE TABLE public.sign_in_links (
    token_hash character varying(64) NOT NULL,
    person_id bigint NOT NULL,
    made_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL
);
CREATE TABLE public.sign_in_tries (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    name_hash character varying(64) NOT NULL,
    network_hash character varying(64) NOT NULL
);
CREATE SEQUENCE public.sign_in_tries_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.sign_in_tries_id_seq OWNED BY public.sign_in_tries.id;
CREATE TABLE public.sign_ups (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    address_hash character varying(64) NOT NULL,
    network_hash character varying(64) DEFAULT ''::character varying NOT NULL
);
CREATE SEQUENCE public.sign_ups_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.sign_ups_id_seq OWNED BY public.sign_ups.id;
CREATE TABLE public.signatures (
    id bigint NOT NULL,
    campaign character varying(200) NOT NULL,
    subject character varying(16) NOT NULL,
    subject_id character varying(200) NOT NULL,
    record_hash character varying(64) NOT NULL,
    person character varying(200) NOT NULL,
    role character varying(100) NOT NULL,
    signed_on date NOT NULL,
    expires_on date
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
    created_at timestamp with time zone NOT NULL,
    cadence character varying(16) NOT NULL,
    cadence_since_at timestamp with time zone NOT NULL,
    paused_until_at timestamp with time zone,
    asked_for_more_at timestamp with time zone,
    CONSTRAINT ck_subscribers_cadence CHECK (((cadence)::text = ANY ((ARRAY['daily'::character varying, 'digest'::character varying, 'key-days'::character varying])::text[]))),
    CONSTRAINT ck_subscribers_state CHECK (((state)::text = ANY ((ARRAY['pending'::character varying, 'active'::character varying, 'paused'::character varying, 'left'::character varying, 'bounced'::character varying, 'complained'::character varying, 'erased'::character varying])::text[])))
);
CREATE TABLE public.suppressions (
    address_key character varying(320) NOT NULL,
    subscriber_id character varying(64) DEFAULT ''::character varying NOT NULL,
    reason character varying(32) NOT NULL,
    source text DEFAULT ''::text NOT NULL,
    at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY public.api_keys ALTER COLUMN id SET DEFAULT nextval('public.api_keys_id_seq'::regclass);
ALTER TABLE ONLY public.approvals ALTER COLUMN id SET DEFAULT nextval('public.approvals_id_seq'::regclass);
ALTER TABLE ONLY public.armings ALTER COLUMN id SET DEFAULT nextval('public.armings_id_seq'::regclass);
ALTER TABLE ONLY public.batches ALTER COLUMN id SET DEFAULT nextval('public.batches_id_seq'::regclass);
ALTER TABLE ONLY public.change_requests ALTER COLUMN id SET DEFAULT nextval('public.change_requests_id_seq'::regclass);
ALTER TABLE ONLY public.comments ALTER COLUMN id SET DEFAULT nextval('public.comments_id_seq'::regclass);
ALTER TABLE ONLY public.consents ALTER COLUMN id SET DEFAULT nextval('public.consents_id_seq'::regclass);
ALTER TABLE ONLY public.deliveries ALTER COLUMN id SET DEFAULT nextval('public.deliveries_id_seq'::regclass);
ALTER TABLE ONLY public.file_edits ALTER COLUMN id SET DEFAULT nextval('public.file_edits_id_seq'::regclass);
ALTER TABLE ONLY public.holds ALTER COLUMN id SET DEFAULT nextval('public.holds_id_seq'::regclass);
ALTER TABLE ONLY public.invitations ALTER COLUMN id SET DEFAULT nextval('public.invitations_id_seq'::regclass);
ALTER TABLE ONLY public.letters ALTER COLUMN id SET DEFAULT nextval('public.letters_id_seq'::regclass);
ALTER TABLE ONLY public.people ALTER COLUMN id SET DEFAULT nextval('public.people_id_seq'::regclass);
ALTER TABLE ONLY public.sessions ALTER COLUMN id SET DEFAULT nextval('public.sessions_id_seq'::regclass);
ALTER TABLE ONLY public.sign_in_tries ALTER COLUMN id SET DEFAULT nextval('public.sign_in_tries_id_seq'::regclass);
ALTER TABLE ONLY public.sign_ups ALTER COLUMN id SET DEFAULT nextval('public.sign_ups_id_seq'::regclass);
ALTER TABLE ONLY public.signatures ALTER COLUMN id SET DEFAULT nextval('public.signatures_id_seq'::regclass);
INSERT INTO public.alembic_version VALUES ('0001');
INSERT INTO public.approvals VALUES (1, 'reading-week', 2027, 'why-we-read', 'email', 'd0922498f415af54a75b2468429dff1a5399b0619b592cde1ff1634cdd0367b5', 'Grace', 'coordinator', '', '2027-03-01 14:11:00.853596+00', NULL, '');
INSERT INTO public.approvals VALUES (2, 'reading-week', 2027, 'why-we-read', 'x', 'a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490', 'Grace', 'coordinator', '', '2027-03-01 14:11:00.876206+00', NULL, '');
INSERT INTO public.approvals VALUES (3, 'reading-week', 2027, 'a-book-a-day', 'email', 'a6f5c4ec633a190c3e84ad6aba53235502a35757f41e47a63237c66a22755b07', 'Grace', 'coordinator', '', '2027-03-01 14:11:00.891871+00', NULL, '');
INSERT INTO public.approvals VALUES (4, 'reading-week', 2027, 'a-book-a-day', 'x', '984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992', 'Grace', 'coordinator', '', '2027-03-01 14:11:00.895416+00', NULL, '');
INSERT INTO public.approvals VALUES (5, 'reading-week', 2027, 'then-and-now', 'email', 'a6ac361e7b0d21cc0f0cca17b74d8dbf6846d9183ac2159dc44d766eb59f7911', 'Grace', 'coordinator', '', '2027-03-01 14:11:00.909105+00', NULL, '');
INSERT INTO public.approvals VALUES (6, 'reading-week', 2027, 'then-and-now', 'x', '7ec9a632161a6e86aaa0caa79998789295740cb3d6b8d8824d7fd0679dc316aa', 'Grace', 'coordinator', '', '2027-03-01 14:11:00.931558+00', NULL, '');
INSERT INTO public.approvals VALUES (7, 'reading-week', 2027, 'why-we-read', 'email', 'd0922498f415af54a75b2468429dff1a5399b0619b592cde1ff1634cdd0367b5', 'Ada', 'coordinator', '', '2027-03-01 14:12:00.900832+00', NULL, '');
INSERT INTO public.approvals VALUES (8, 'reading-week', 2027, 'why-we-read', 'x', 'a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490', 'Ada', 'coordinator', '', '2027-03-01 14:12:00.920249+00', NULL, '');
INSERT INTO public.approvals VALUES (9, 'reading-week', 2027, 'a-book-a-day', 'email', 'a6f5c4ec633a190c3e84ad6aba53235502a35757f41e47a63237c66a22755b07', 'Ada', 'coordinator', '', '2027-03-01 14:12:00.931747+00', NULL, '');
INSERT INTO public.approvals VALUES (10, 'reading-week', 2027, 'a-book-a-day', 'x', '984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992', 'Ada', 'coordinator', '', '2027-03-01 14:12:00.936269+00', NULL, '');
INSERT INTO public.approvals VALUES (11, 'reading-week', 2027, 'then-and-now', 'email', 'a6ac361e7b0d21cc0f0cca17b74d8dbf6846d9183ac2159dc44d766eb59f7911', 'Ada', 'coordinator', '', '2027-03-01 14:12:00.943718+00', NULL, '');
INSERT INTO public.approvals VALUES (12, 'reading-week', 2027, 'then-and-now', 'x', '7ec9a632161a6e86aaa0caa79998789295740cb3d6b8d8824d7fd0679dc316aa', 'Ada', 'coordinator', '', '2027-03-01 14:12:00.953338+00', NULL, '');
INSERT INTO public.armings VALUES (1, 'reading-week', 2027, 'Ada', '2027-03-01 14:15:01.004664+00', '', NULL);
INSERT INTO public.attempts VALUES ('bff56712741be6e336fd71c0aac36a06', 1, 1, '2027-03-08 15:05:00.819281+00', 'old-host:32486', 'd0922498f415af54a75b2468429dff1a5399b0619b592cde1ff1634cdd0367b5', '5077fcd7e176091598d0c12eed0d76b8', 4, '2027-03-08 15:05:00.876014+00', 'accepted', NULL, 'rehearsal-5077fcd7e176091598d0c12eed0d76b8-4d18a8005b', 'rehearsed, not sent');
INSERT INTO public.attempts VALUES ('50c8be206f2ed7916a3adc0d8ec85a8d', 2, 1, '2027-03-09 15:05:00.52031+00', 'old-host:32540', 'a6f5c4ec633a190c3e84ad6aba53235502a35757f41e47a63237c66a22755b07', '2ad7d8c6c9bb29003ea626a99a06c2ab', 4, '2027-03-09 15:05:00.534874+00', 'accepted', NULL, 'rehearsal-2ad7d8c6c9bb29003ea626a99a06c2ab-85f3900aa6', 'rehearsed, not sent');
INSERT INTO public.attempts VALUES ('590b733c3f5a7677c26fb3465856a774', 3, 1, '2027-03-09 15:05:00.55338+00', 'old-host:32540', '984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992', 'text:c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5fbf73f66b', 0, '2027-03-09 15:05:00.566722+00', 'accepted', NULL, 'rehearsal-text-c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5-68a654e99d', 'rehearsed, not sent');
INSERT INTO public.attempts VALUES ('be5ecef1fff5b73c1971ff0dab615a6b', 4, 1, '2027-03-10 15:05:01.01432+00', 'old-host:32576', 'a6ac361e7b0d21cc0f0cca17b74d8dbf6846d9183ac2159dc44d766eb59f7911', '693524eeb0f5176c8691ed8c3d0e6f9a', 4, '2027-03-10 15:05:01.056198+00', 'accepted', NULL, 'rehearsal-693524eeb0f5176c8691ed8c3d0e6f9a-c568aecae6', 'rehearsed, not sent');
INSERT INTO public.batches VALUES (1, 1, 1, 'a29bca0a2581a872853b0ae88657f182', 'cad754ee85454f36b319863d453ea84e', 4, 0, 'sent', '5077fcd7e176091598d0c12eed0d76b8', '2027-03-08 12:30:00+00', NULL, '', 0, '2027-03-08 15:05:00.791712+00', 1, 'bff56712741be6e336fd71c0aac36a06', 'd0922498f415af54a75b2468429dff1a5399b0619b592cde1ff1634cdd0367b5', '5077fcd7e176091598d0c12eed0d76b8', '2027-03-08 15:05:00.819281+00', '2027-03-08 15:06:40.819281+00', 'old-host:32486', 'rehearsal-5077fcd7e176091598d0c12eed0d76b8-4d18a8005b', 'rehearsed, not sent', 0, 0, '2027-03-08 15:05:50.819281+00');
INSERT INTO public.batches VALUES (2, 3, 1, 'a29bca0a2581a872853b0ae88657f182', 'cad754ee85454f36b319863d453ea84e', 4, 0, 'sent', '2ad7d8c6c9bb29003ea626a99a06c2ab', '2027-03-09 12:30:00+00', NULL, '', 0, '2027-03-09 15:05:00.512603+00', 1, '50c8be206f2ed7916a3adc0d8ec85a8d', 'a6f5c4ec633a190c3e84ad6aba53235502a35757f41e47a63237c66a22755b07', '2ad7d8c6c9bb29003ea626a99a06c2ab', '2027-03-09 15:05:00.52031+00', '2027-03-09 15:06:40.52031+00', 'old-host:32540', 'rehearsal-2ad7d8c6c9bb29003ea626a99a06c2ab-85f3900aa6', 'rehearsed, not sent', 0, 0, '2027-03-09 15:05:50.52031+00');
INSERT INTO public.batches VALUES (3, 4, 1, '', '', 1, 0, 'sent', '20f837df085e18cd81b213ec80ac759b', '2027-03-09 15:00:00+00', NULL, '', 0, '2027-03-09 15:05:00.550977+00', 1, '590b733c3f5a7677c26fb3465856a774', '984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992', 'text:c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5fbf73f66b', '2027-03-09 15:05:00.55338+00', '2027-03-09 15:06:40.55338+00', 'old-host:32540', 'rehearsal-text-c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5-68a654e99d', 'rehearsed, not sent', 0, 0, '2027-03-09 15:05:50.55338+00');
INSERT INTO public.batches VALUES (4, 5, 1, 'a29bca0a2581a872853b0ae88657f182', 'cad754ee85454f36b319863d453ea84e', 4, 0, 'sent', '693524eeb0f5176c8691ed8c3d0e6f9a', '2027-03-10 12:30:00+00', NULL, '', 0, '2027-03-10 15:05:00.99134+00', 1, 'be5ecef1fff5b73c1971ff0dab615a6b', 'a6ac361e7b0d21cc0f0cca17b74d8dbf6846d9183ac2159dc44d766eb59f7911', '693524eeb0f5176c8691ed8c3d0e6f9a', '2027-03-10 15:05:01.01432+00', '2027-03-10 15:06:41.01432+00', 'old-host:32576', 'rehearsal-693524eeb0f5176c8691ed8c3d0e6f9a-c568aecae6', 'rehearsed, not sent', 0, 0, '2027-03-10 15:05:51.01432+00');
INSERT INTO public.comments VALUES (1, 'reading-week', 2027, 'why-we-read', '', 'Grace', 'coordinator', 'comment', NULL, 'Good', '2027-03-01 14:10:01.073908+00');
INSERT INTO public.consents VALUES (1, '', 'import readers.csv', '2027-03-01 14:00:01.625523+00', 'import', 'on a list of readers that the organisation brought in', '', '');
INSERT INTO public.consents VALUES (2, 'a29bca0a2581a872853b0ae88657f182', '', '2027-03-01 14:01:00.618048+00', 'added', 'asked to be on the list', '', 'Ada');
INSERT INTO public.consents VALUES (3, 'cad754eeba9582dff5fcb9983d8b44f5', '', '2027-03-01 14:02:00.594593+00', 'withdrawn', 'erased from the list', '', 'Ada');
INSERT INTO public.consents VALUES (4, 'cad754eef09d143bbc84305aacc1019e', '', '2027-03-01 14:00:00+00', 'withdrawn', 'left the list: list', '', '');
INSERT INTO public.deliveries VALUES (1, 'rehearsal', 'reading-week', 2027, 'why-we-read', 'email', 'email', '2027-03-08', '2027-03-08 12:30:00+00', '2027-03-09 05:00:00+00', 'sent', 'd0922498f415af54a75b2468429dff1a5399b0619b592cde1ff1634cdd0367b5', 'live would have refused: the mode is "rehearsal"', 4, 'cad754ee85454f36b319863d453ea84e', '', '2027-03-08 15:05:00.752146+00', NULL, '2027-03-08 15:05:00.876014+00');
INSERT INTO public.deliveries VALUES (2, 'rehearsal', 'reading-week', 2027, 'why-we-read', 'x', 'post', '2027-03-08', '2027-03-08 17:00:00+00', '2027-03-09 05:00:00+00', 'missed', '', 'its window closed before it could go: nothing ran, or nothing could be sent, while it was open', 0, '', '', NULL, NULL, '2027-03-09 15:05:00.437784+00');
INSERT INTO public.deliveries VALUES (3, 'rehearsal', 'reading-week', 2027, 'a-book-a-day', 'email', 'email', '2027-03-09', '2027-03-09 12:30:00+00', '2027-03-10 05:00:00+00', 'sent', 'a6f5c4ec633a190c3e84ad6aba53235502a35757f41e47a63237c66a22755b07', 'live would have refused: the mode is "rehearsal"', 4, 'cad754ee85454f36b319863d453ea84e', '', '2027-03-09 15:05:00.493396+00', NULL, '2027-03-09 15:05:00.534874+00');
INSERT INTO public.deliveries VALUES (4, 'rehearsal', 'reading-week', 2027, 'a-book-a-day', 'x', 'post', '2027-03-09', '2027-03-09 15:00:00+00', '2027-03-10 05:00:00+00', 'sent', '984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992', 'live would have refused: the mode is "rehearsal"', 1, '', '', '2027-03-09 15:05:00.543034+00', NULL, '2027-03-09 15:05:00.566722+00');
INSERT INTO public.deliveries VALUES (5, 'rehearsal', 'reading-week', 2027, 'then-and-now', 'email', 'email', '2027-03-10', '2027-03-10 12:30:00+00', '2027-03-11 05:00:00+00', 'sent', 'a6ac361e7b0d21cc0f0cca17b74d8dbf6846d9183ac2159dc44d766eb59f7911', 'live would have refused: the mode is "rehearsal"', 4, 'cad754ee85454f36b319863d453ea84e', '', '2027-03-10 15:05:00.950124+00', NULL, '2027-03-10 15:05:01.056198+00');
INSERT INTO public.deliveries VALUES (6, 'rehearsal', 'reading-week', 2027, 'then-and-now', 'x', 'post', '2027-03-10', '2027-03-10 15:00:00+00', '2027-03-11 05:00:00+00', 'scheduled', '', 'held by Ada since 2027-03-09 17:00 UTC: strike', 0, '', '', NULL, NULL, '2027-03-10 15:05:01.071211+00');
INSERT INTO public.events VALUES (1, '2027-03-01 14:01:00.618048+00', 'subscriber.added', 'Ada', NULL, '{"barred_before": "", "subscriber": "a29bca0a2581a872853b0ae88657f182"}', '0000000000000000000000000000000000000000000000000000000000000000', '2a647fdf8447365b029c42e3e3b0ae3c3a75c05a337d11722a46dd6ed60556fe');
INSERT INTO public.events VALUES (2, '2027-03-01 14:02:00.594593+00', 'subscriber.erased', 'Ada', NULL, '{"subscriber": "cad754eeba9582dff5fcb9983d8b44f5"}', '2a647fdf8447365b029c42e3e3b0ae3c3a75c05a337d11722a46dd6ed60556fe', 'ed76f1709a7328f707f5762b9cf3a5cdd850a46fb1a6a52b5370b7f5ab7e2873');
INSERT INTO public.events VALUES (3, '2027-03-01 14:00:00+00', 'subscriber.left', 'reader', NULL, '{"subscriber": "cad754eef09d143bbc84305aacc1019e", "why": "list"}', 'ed76f1709a7328f707f5762b9cf3a5cdd850a46fb1a6a52b5370b7f5ab7e2873', '33bd7a1d3dc3e90fda653d998a97cd15ac2c11c730c8235a7d9f2ce1a0731864');
INSERT INTO public.events VALUES (4, '2027-03-01 14:03:00.603309+00', 'person.added', 'Ada', NULL, '{"name": "Ada", "role": "coordinator"}', '33bd7a1d3dc3e90fda653d998a97cd15ac2c11c730c8235a7d9f2ce1a0731864', 'd319ca73641bd450e22ad74b973c15b542c1d8932d1e8948d91d46fcda577829');
INSERT INTO public.events VALUES (5, '2027-03-01 14:05:00.672915+00', 'record.signed', 'Ada', NULL, '{"campaign": "reading-week", "expires_on": null, "record_hash": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-2025"}', 'd319ca73641bd450e22ad74b973c15b542c1d8932d1e8948d91d46fcda577829', '17cba48061c488376850b8ede2d88118c671b4c5b4c3ff38185e0bf52d435424');
INSERT INTO public.events VALUES (6, '2027-03-01 14:05:00.687801+00', 'record.signed', 'Ada', NULL, '{"campaign": "reading-week", "expires_on": null, "record_hash": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-1990"}', '17cba48061c488376850b8ede2d88118c671b4c5b4c3ff38185e0bf52d435424', '15a74aa7000af78bf07b8c0ee9ce0127439d3fde50d4ef27bd3a5aa897bf6858');
INSERT INTO public.events VALUES (7, '2027-03-01 14:06:00.416403+00', 'record.signed', 'Ada', NULL, '{"campaign": "reading-week", "expires_on": null, "record_hash": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "contact", "subject_id": "desk-phone"}', '15a74aa7000af78bf07b8c0ee9ce0127439d3fde50d4ef27bd3a5aa897bf6858', 'ba90493f319a4b6c9d4fd6d698fc60400f2d29f59bee4a286779f509a57500cd');
INSERT INTO public.events VALUES (8, '2027-03-01 14:07:00.598243+00', 'record.signed', 'Grace', NULL, '{"campaign": "reading-week", "expires_on": null, "record_hash": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-2025"}', 'ba90493f319a4b6c9d4fd6d698fc60400f2d29f59bee4a286779f509a57500cd', 'cb5e5925b0c8042c0bacbe48daced8723a99463a5dc7ef6c9626f340d837b29b');
INSERT INTO public.events VALUES (9, '2027-03-01 14:07:00.609566+00', 'record.signed', 'Grace', NULL, '{"campaign": "reading-week", "expires_on": null, "record_hash": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-1990"}', 'cb5e5925b0c8042c0bacbe48daced8723a99463a5dc7ef6c9626f340d837b29b', '61cc6e43d767a1c468c5498df7c8a4dfa0fd94c417567da399e31fccfd56fed0');
INSERT INTO public.events VALUES (10, '2027-03-01 14:08:00.587433+00', 'record.signed', 'Grace', NULL, '{"campaign": "reading-week", "expires_on": null, "record_hash": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "contact", "subject_id": "desk-phone"}', '61cc6e43d767a1c468c5498df7c8a4dfa0fd94c417567da399e31fccfd56fed0', '3777976719659a9a03520908939e0d2cb6d1f9ff928cdbe217aa1bcf496a9d8e');
INSERT INTO public.events VALUES (11, '2027-03-01 14:10:01.073908+00', 'comment.added', 'Grace', NULL, '{"campaign": "reading-week", "channel": "", "comment": 1, "item": "why-we-read", "role": "coordinator", "season": 2027}', '3777976719659a9a03520908939e0d2cb6d1f9ff928cdbe217aa1bcf496a9d8e', '918836cc1cc85850af8eb9fc90a713cc214ece12386c2af8bea65dd6fdddc20f');
INSERT INTO public.events VALUES (12, '2027-03-01 14:11:00.853596+00', 'approval.given', 'Grace', NULL, '{"campaign": "reading-week", "channel": "email", "digest": "d0922498f415af54a75b2468429dff1a5399b0619b592cde1ff1634cdd0367b5", "item": "why-we-read", "role": "coordinator", "season": 2027}', '918836cc1cc85850af8eb9fc90a713cc214ece12386c2af8bea65dd6fdddc20f', 'bda06ad89bbbdc6188073b8fb85d4adf270a6c2840c2aae450f6bd3e6fdbdef8');
INSERT INTO public.events VALUES (13, '2027-03-01 14:11:00.876206+00', 'approval.given', 'Grace', NULL, '{"campaign": "reading-week", "channel": "x", "digest": "a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490", "item": "why-we-read", "role": "coordinator", "season": 2027}', 'bda06ad89bbbdc6188073b8fb85d4adf270a6c2840c2aae450f6bd3e6fdbdef8', '83f7c4e84a92ba259174aae8b25e1f7db7ed06c237abfc146f4adc65d3d600b9');
INSERT INTO public.events VALUES (14, '2027-03-01 14:11:00.891871+00', 'approval.given', 'Grace', NULL, '{"campaign": "reading-week", "channel": "email", "digest": "a6f5c4ec633a190c3e84ad6aba53235502a35757f41e47a63237c66a22755b07", "item": "a-book-a-day", "role": "coordinator", "season": 2027}', '83f7c4e84a92ba259174aae8b25e1f7db7ed06c237abfc146f4adc65d3d600b9', '39de735f1a3a3b6fc9adf45dfdc652666108c8a938c65b3d980d14ab05624fec');
INSERT INTO public.events VALUES (15, '2027-03-01 14:11:00.895416+00', 'approval.given', 'Grace', NULL, '{"campaign": "reading-week", "channel": "x", "digest": "984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992", "item": "a-book-a-day", "role": "coordinator", "season": 2027}', '39de735f1a3a3b6fc9adf45dfdc652666108c8a938c65b3d980d14ab05624fec', 'ef3559dbbf96ca0d5b338d6ca105bd3946eabb7e9dd6ebf8b1f26aeaba96a654');
INSERT INTO public.events VALUES (16, '2027-03-01 14:11:00.909105+00', 'approval.given', 'Grace', NULL, '{"campaign": "reading-week", "channel": "email", "digest": "a6ac361e7b0d21cc0f0cca17b74d8dbf6846d9183ac2159dc44d766eb59f7911", "item": "then-and-now", "role": "coordinator", "season": 2027}', 'ef3559dbbf96ca0d5b338d6ca105bd3946eabb7e9dd6ebf8b1f26aeaba96a654', '93ef9a72c695770588293a581f5bd4fdf545f6348eeff646ae616287cdb2b46d');
INSERT INTO public.events VALUES (17, '2027-03-01 14:11:00.931558+00', 'approval.given', 'Grace', NULL, '{"campaign": "reading-week", "channel": "x", "digest": "7ec9a632161a6e86aaa0caa79998789295740cb3d6b8d8824d7fd0679dc316aa", "item": "then-and-now", "role": "coordinator", "season": 2027}', '93ef9a72c695770588293a581f5bd4fdf545f6348eeff646ae616287cdb2b46d', 'ece714ef04f1355ecebda5504ca58fbad0d55e8e763b3c51061cda815c96b900');
INSERT INTO public.events VALUES (18, '2027-03-01 14:12:00.900832+00', 'approval.given', 'Ada', NULL, '{"campaign": "reading-week", "channel": "email", "digest": "d0922498f415af54a75b2468429dff1a5399b0619b592cde1ff1634cdd0367b5", "item": "why-we-read", "role": "coordinator", "season": 2027}', 'ece714ef04f1355ecebda5504ca58fbad0d55e8e763b3c51061cda815c96b900', '62b95dcd89e89660a19422edd6c06a239f866029d22441cc2d08b122d4e3a9fb');
INSERT INTO public.events VALUES (19, '2027-03-01 14:12:00.920249+00', 'approval.given', 'Ada', NULL, '{"campaign": "reading-week", "channel": "x", "digest": "a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490", "item": "why-we-read", "role": "coordinator", "season": 2027}', '62b95dcd89e89660a19422edd6c06a239f866029d22441cc2d08b122d4e3a9fb', 'ea09e7f33eaaec679ac7cda239e587ad0a540f00fd21ed339d2cc0eb945acdeb');
INSERT INTO public.events VALUES (20, '2027-03-01 14:12:00.931747+00', 'approval.given', 'Ada', NULL, '{"campaign": "reading-week", "channel": "email", "digest": "a6f5c4ec633a190c3e84ad6aba53235502a35757f41e47a63237c66a22755b07", "item": "a-book-a-day", "role": "coordinator", "season": 2027}', 'ea09e7f33eaaec679ac7cda239e587ad0a540f00fd21ed339d2cc0eb945acdeb', '67b9cb71891ceeddb3126795f977b4634db0a506e20dce28a6c13aca7a595ccc');
INSERT INTO public.events VALUES (21, '2027-03-01 14:12:00.936269+00', 'approval.given', 'Ada', NULL, '{"campaign": "reading-week", "channel": "x", "digest": "984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992", "item": "a-book-a-day", "role": "coordinator", "season": 2027}', '67b9cb71891ceeddb3126795f977b4634db0a506e20dce28a6c13aca7a595ccc', '976dc26982a2e0d01ae53af6c26498d068fe61eea2acb437f604440894ba03db');
INSERT INTO public.events VALUES (22, '2027-03-01 14:12:00.943718+00', 'approval.given', 'Ada', NULL, '{"campaign": "reading-week", "channel": "email", "digest": "a6ac361e7b0d21cc0f0cca17b74d8dbf6846d9183ac2159dc44d766eb59f7911", "item": "then-and-now", "role": "coordinator", "season": 2027}', '976dc26982a2e0d01ae53af6c26498d068fe61eea2acb437f604440894ba03db', 'e2767d685e5c23a17fdfbc740e7bcd0ff6b08272e27ce76c6396ac1743bcfd3d');
INSERT INTO public.events VALUES (23, '2027-03-01 14:12:00.953338+00', 'approval.given', 'Ada', NULL, '{"campaign": "reading-week", "channel": "x", "digest": "7ec9a632161a6e86aaa0caa79998789295740cb3d6b8d8824d7fd0679dc316aa", "item": "then-and-now", "role": "coordinator", "season": 2027}', 'e2767d685e5c23a17fdfbc740e7bcd0ff6b08272e27ce76c6396ac1743bcfd3d', '1fb7629a00ad8cd6eaf7ee2ecabc286fff18047ae4401a0625fe9764dc13f5e6');
INSERT INTO public.events VALUES (24, '2027-03-01 14:15:01.004664+00', 'season.armed', 'Ada', NULL, '{"campaign": "reading-week", "season": 2027}', '1fb7629a00ad8cd6eaf7ee2ecabc286fff18047ae4401a0625fe9764dc13f5e6', 'f65666ca7e5123fa00aa3a9646fc92123a5b7ec42851dec50ccf3afe71a20642');
INSERT INTO public.events VALUES (25, '2027-03-01 14:16:01.348139+00', 'delivery.planned', 'plan', 1, '{"campaign": "reading-week", "channel": "email", "due_at": "2027-03-08T12:30:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "mode": "rehearsal", "season": 2027}', 'f65666ca7e5123fa00aa3a9646fc92123a5b7ec42851dec50ccf3afe71a20642', 'f152dd4b2540ba1180db1d9c54d92e146e59b90c4bf1f6ebcc0840ac13b20d72');
INSERT INTO public.events VALUES (26, '2027-03-01 14:16:01.348139+00', 'delivery.planned', 'plan', 2, '{"campaign": "reading-week", "channel": "x", "due_at": "2027-03-08T17:00:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "mode": "rehearsal", "season": 2027}', 'f152dd4b2540ba1180db1d9c54d92e146e59b90c4bf1f6ebcc0840ac13b20d72', '90bc1904b95e1cabb6c7ccf7bcf2d38b29754d4721d801df51003b97dc68e687');
INSERT INTO public.events VALUES (27, '2027-03-01 14:16:01.348139+00', 'delivery.planned', 'plan', 3, '{"campaign": "reading-week", "channel": "email", "due_at": "2027-03-09T12:30:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "mode": "rehearsal", "season": 2027}', '90bc1904b95e1cabb6c7ccf7bcf2d38b29754d4721d801df51003b97dc68e687', 'fcf3351b72a6ac8fe58b75b6a63e26416ec00822931b0e142d9af13f2fa45906');
INSERT INTO public.events VALUES (28, '2027-03-01 14:16:01.348139+00', 'delivery.planned', 'plan', 4, '{"campaign": "reading-week", "channel": "x", "due_at": "2027-03-09T15:00:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "mode": "rehearsal", "season": 2027}', 'fcf3351b72a6ac8fe58b75b6a63e26416ec00822931b0e142d9af13f2fa45906', 'c1cd68e3b79821ce29e9b4de911848cc0367b58ba7f9fbfa64aa688d5681c83b');
INSERT INTO public.events VALUES (29, '2027-03-01 14:16:01.348139+00', 'delivery.planned', 'plan', 5, '{"campaign": "reading-week", "channel": "email", "due_at": "2027-03-10T12:30:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "mode": "rehearsal", "season": 2027}', 'c1cd68e3b79821ce29e9b4de911848cc0367b58ba7f9fbfa64aa688d5681c83b', 'b3dc9acccbb3e5089bb78c4a918f0e9846e4f66f8d35be6ab226bb6244d75695');
INSERT INTO public.events VALUES (30, '2027-03-01 14:16:01.348139+00', 'delivery.planned', 'plan', 6, '{"campaign": "reading-week", "channel": "x", "due_at": "2027-03-10T15:00:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "mode": "rehearsal", "season": 2027}', 'b3dc9acccbb3e5089bb78c4a918f0e9846e4f66f8d35be6ab226bb6244d75695', '1e9ae62202c92d0f825d4437c5d111ffb3a8b0f6324f398ec3394e732ced9054');
INSERT INTO public.events VALUES (31, '2027-03-08 15:05:00.752146+00', 'delivery.opened', 'tick', 1, '{"frozen": 4}', '1e9ae62202c92d0f825d4437c5d111ffb3a8b0f6324f398ec3394e732ced9054', '55036482545e5db780b6b2ede48d8a6f437cf9765bba33e0804811c9d8827b16');
INSERT INTO public.events VALUES (32, '2027-03-08 15:05:00.819281+00', 'attempt.begun', 'tick', 1, '{"attempt": 1, "batch": 1, "digest": "d0922498f415af54a75b2468429dff1a5399b0619b592cde1ff1634cdd0367b5", "node": "old-host:32486", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 4, "token": "bff56712741be6e336fd71c0aac36a06"}', '55036482545e5db780b6b2ede48d8a6f437cf9765bba33e0804811c9d8827b16', '7ee8bab6e55ac456e63c1b3a657da4cad4aee07ec52c02c2db2e3ad00241075b');
INSERT INTO public.events VALUES (33, '2027-03-08 15:05:00.876014+00', 'attempt.accepted', 'tick', 1, '{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-5077fcd7e176091598d0c12eed0d76b8-4d18a8005b", "retry_at": null, "status": null, "token": "bff56712741be6e336fd71c0aac36a06"}', '7ee8bab6e55ac456e63c1b3a657da4cad4aee07ec52c02c2db2e3ad00241075b', '409b18ec3b181fd9ae8a41ba450f1c13f6e1005dabace6341f3b815951c27e7a');
INSERT INTO public.events VALUES (34, '2027-03-09 15:05:00.437784+00', 'delivery.missed', 'tick', 2, '{"channel": "x", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "why": "nothing ran, or nothing could be sent, while it was open"}', '409b18ec3b181fd9ae8a41ba450f1c13f6e1005dabace6341f3b815951c27e7a', '32f89fa48efe7b9eacec085a9869151c9967df89de019cec427be3485f7a53f7');
INSERT INTO public.events VALUES (35, '2027-03-09 15:05:00.493396+00', 'delivery.opened', 'tick', 3, '{"frozen": 4}', '32f89fa48efe7b9eacec085a9869151c9967df89de019cec427be3485f7a53f7', '6d723e417f666d36606a911e2a8bd044a6230e0272e93ff8140ece13347f0c05');
INSERT INTO public.events VALUES (36, '2027-03-09 15:05:00.52031+00', 'attempt.begun', 'tick', 3, '{"attempt": 1, "batch": 1, "digest": "a6f5c4ec633a190c3e84ad6aba53235502a35757f41e47a63237c66a22755b07", "node": "old-host:32540", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 4, "token": "50c8be206f2ed7916a3adc0d8ec85a8d"}', '6d723e417f666d36606a911e2a8bd044a6230e0272e93ff8140ece13347f0c05', 'c3d5365c4ec1f4d98496c5e4fdb9738dfb830b3b67f2eb825a43e48ba3df3deb');
INSERT INTO public.events VALUES (37, '2027-03-09 15:05:00.534874+00', 'attempt.accepted', 'tick', 3, '{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-2ad7d8c6c9bb29003ea626a99a06c2ab-85f3900aa6", "retry_at": null, "status": null, "token": "50c8be206f2ed7916a3adc0d8ec85a8d"}', 'c3d5365c4ec1f4d98496c5e4fdb9738dfb830b3b67f2eb825a43e48ba3df3deb', 'd5b6f5baced94148a130023ed78ad1e036f30185977c4f88fd51add1f17809d8');
INSERT INTO public.events VALUES (38, '2027-03-09 15:05:00.543034+00', 'delivery.opened', 'tick', 4, '{"frozen": 1}', 'd5b6f5baced94148a130023ed78ad1e036f30185977c4f88fd51add1f17809d8', '4c7a4e02f0585b2849f5339a56f6b445642333c38cc41fe95e60fd5394873fe7');
INSERT INTO public.events VALUES (39, '2027-03-09 15:05:00.55338+00', 'attempt.begun', 'tick', 4, '{"attempt": 1, "batch": 1, "digest": "984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992", "node": "old-host:32540", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 0, "token": "590b733c3f5a7677c26fb3465856a774"}', '4c7a4e02f0585b2849f5339a56f6b445642333c38cc41fe95e60fd5394873fe7', '2ee8d88f139b41a6a7be2eb8f7e79ae89c690399eabeb0d70502af7210c13de6');
INSERT INTO public.events VALUES (40, '2027-03-09 15:05:00.566722+00', 'attempt.accepted', 'tick', 4, '{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-text-c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5-68a654e99d", "retry_at": null, "status": null, "token": "590b733c3f5a7677c26fb3465856a774"}', '2ee8d88f139b41a6a7be2eb8f7e79ae89c690399eabeb0d70502af7210c13de6', 'ea57ca926799a90fb9856d80b53c78483558afde4e58df60fb93aa3a74b313da');
INSERT INTO public.events VALUES (41, '2027-03-09 17:00:00.244821+00', 'hold.set', 'Ada', NULL, '{"channel": "x", "why": "strike"}', 'ea57ca926799a90fb9856d80b53c78483558afde4e58df60fb93aa3a74b313da', 'c2a04a1d0755bfd39445a2b00b206e3089a2b4fb48ce62e8e0f138cbd36a793b');
INSERT INTO public.events VALUES (42, '2027-03-10 15:05:00.950124+00', 'delivery.opened', 'tick', 5, '{"frozen": 4}', 'c2a04a1d0755bfd39445a2b00b206e3089a2b4fb48ce62e8e0f138cbd36a793b', '8302a074dfe5dd15243553035d9856ba450356f087227194d5ff23ed2d8d1dbc');
INSERT INTO public.events VALUES (43, '2027-03-10 15:05:01.01432+00', 'attempt.begun', 'tick', 5, '{"attempt": 1, "batch": 1, "digest": "a6ac361e7b0d21cc0f0cca17b74d8dbf6846d9183ac2159dc44d766eb59f7911", "node": "old-host:32576", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 4, "token": "be5ecef1fff5b73c1971ff0dab615a6b"}', '8302a074dfe5dd15243553035d9856ba450356f087227194d5ff23ed2d8d1dbc', '705c638c121f27918b2233bf14d3c3a817bfa6df3741a210d131cac94974b853');
INSERT INTO public.events VALUES (44, '2027-03-10 15:05:01.056198+00', 'attempt.accepted', 'tick', 5, '{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-693524eeb0f5176c8691ed8c3d0e6f9a-c568aecae6", "retry_at": null, "status": null, "token": "be5ecef1fff5b73c1971ff0dab615a6b"}', '705c638c121f27918b2233bf14d3c3a817bfa6df3741a210d131cac94974b853', '9f2614d1631e25c32e54837bbab13f6c1ec11b361fc058225b3105e8b6f028d7');
INSERT INTO public.events VALUES (45, '2027-03-10 15:05:01.071211+00', 'delivery.waits', 'tick', 6, '{"why": "held by Ada since 2027-03-09 17:00 UTC: strike"}', '9f2614d1631e25c32e54837bbab13f6c1ec11b361fc058225b3105e8b6f028d7', '261ceee1be8b1cba5ad0a5d44f53d0e18d123f218e9a5899f8aee9a593729efa');
INSERT INTO public.hashed_suppressions VALUES ('655939ca3b28e2790e876c2f8094b236bcaa5d687b0a63549bcc1724d7bbb202', 'cad754eeba9582dff5fcb9983d8b44f5', 'erased', 'erased', '2027-03-01 14:02:00.594593+00');
INSERT INTO public.holds VALUES (1, 'x', 'Ada', 'strike', '2027-03-09 17:00:00.244821+00', '', NULL);
INSERT INTO public.ledger VALUES (1, 'ba7e0bbe9785405dfb96d5f09c645202', 45, '261ceee1be8b1cba5ad0a5d44f53d0e18d123f218e9a5899f8aee9a593729efa', NULL);
INSERT INTO public.messages VALUES ('d0922498f415af54a75b2468429dff1a5399b0619b592cde1ff1634cdd0367b5', '{"audience": "", "body": {"from_address": "news@example.org", "from_name": "Example Coalition", "headers": {"Auto-Submitted": "auto-generated", "List-Id": "Reading Week <reading-week.news.example.org>"}, "html": "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Why we read</title>\n<style>@media (prefers-color-scheme:dark){.page{background-color:#12171e!important}.card{background-color:#1b222c!important}.card,.h1,.h2,.h3,.quote,.help,.help_title,.digits,.digits_small,.help_line,.part,.part_now{color:#e8edf3!important}.lead,.eyebrow,.attribution,.small,.foot,.help_hours{color:#a5b0bd!important}.link{color:#8db8f2!important}.blockquote,.action{border-color:#8db8f2!important}.note{border-color:#7d8896!important}.hr,.part{border-color:#3a4553!important}.help,.part_now{background-color:#12171e!important;border-color:#8db8f2!important}.button{background-color:#8db8f2!important}.button_link{color:#12171e!important}}@media (max-width:480px){.outer{padding:0 0 24px!important}.band,.card{padding-left:16px!important;padding-right:16px!important;border-radius:0!important}.help{padding:16px 16px 0!important}}</style>\n</head>\n<body class=\"page\" style=\"margin:0;padding:0;background-color:#eaf1fb;-webkit-text-size-adjust:100%;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"outer\" align=\"center\" style=\"padding:8px 8px 32px\">\n<table role=\"presentation\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"width:100%;max-width:600px;border-collapse:separate;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<tr><td class=\"lead\" align=\"left\" style=\"padding:8px 16px;font-size:14px;line-height:1.5;color:#56616f\">Five days, five short letters</td></tr>\n<tr><td class=\"band\" align=\"left\" style=\"padding:16px 24px;background-color:#1f4e8c;color:#ffffff;border-radius:6px 6px 0 0\">\n<p style=\"margin:0;font-size:18px;line-height:1.3;font-weight:bold;color:#ffffff\">Reading Week</p>\n<p style=\"margin:4px 0 0;font-size:15px;line-height:1.4;color:#ffffff\">Day 1 of 3, Monday 8 March 2027</p>\n</td></tr>\n<tr><td class=\"card\" align=\"left\" style=\"padding:24px 24px 8px;background-color:#ffffff;color:#1b2430;border-radius:0 0 6px 6px;overflow-wrap:break-word;word-break:break-word\">\n<h1 class=\"h1\" style=\"margin:0 0 16px;font-size:26px;line-height:1.25;font-weight:bold;color:#1b2430\">Why we read</h1>\n<p style=\"margin:0 0 16px\">Good morning.</p>\n<p style=\"margin:0 0 16px\">the town library had 4,100 members at the end of 2025, says the Annual Report 2025.</p>\n<p class=\"small\" style=\"margin:0 0 8px;font-size:14px;line-height:1.5;color:#56616f\">\nFigures: 4,100, as of December 2025. Source: <a class=\"link\" href=\"https://library.example/report-2025\" style=\"color:#1f4e8c;text-decoration:underline\">Annual Report 2025</a>, Town Library, February 2026.\n</p>\n<div style=\"height:12px;line-height:12px;font-size:1px\">&nbsp;</div>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"help\" style=\"padding:20px 20px 4px;background-color:#eaf1fb;color:#1b2430;border:2px solid #1f4e8c;border-radius:6px\">\n<h2 class=\"help_title\" style=\"margin:0 0 12px;font-size:20px;line-height:1.3;font-weight:bold;color:#1b2430\">Help</h2>\n<p class=\"digits\" style=\"margin:0;font-size:28px;line-height:1.3;font-weight:bold;color:#1b2430\"><a class=\"link\" href=\"tel:+15550100199\" style=\"color:#1f4e8c;text-decoration:underline\">1-555-010-0199</a></p>\n<p class=\"help_line\" style=\"margin:0;font-size:15px;line-height:1.45;color:#1b2430\">\n<strong>Library desk.</strong> Questions about books, cards and events.\n</p>\n<p class=\"help_hours\" style=\"margin:0 0 16px;font-size:14px;line-height:1.5;color:#56616f\">\nMonday to Friday, 9 to 17. English.\n</p>\n</td>\n</tr></table>\n<div style=\"height:20px;line-height:20px;font-size:1px\">&nbsp;</div>\n</td></tr>\n<tr><td class=\"foot\" align=\"left\" style=\"padding:20px 16px 0;font-size:14px;line-height:1.5;color:#56616f\">\n<p class=\"only-in-mail\" style=\"margin:0 0 16px\">You get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.</p>\n<p style=\"margin:0 0 16px\"><a class=\"link\" href=\"%preferences_url%\" style=\"color:#1f4e8c;text-decoration:underline\">Get fewer of these emails, or pause them</a>.<br>\n<a class=\"link\" href=\"%unsubscribe_url%\" style=\"color:#1f4e8c;text-decoration:underline\">Stop these emails</a>.</p>\n<p class=\"only-in-mail\" style=\"margin:0 0 16px\"><a class=\"link\" href=\"https://news.example.org/archive/2027-03-08\" style=\"color:#1f4e8c;text-decoration:underline\">Read this email in a browser</a>.</p>\n<p class=\"only-in-mail\" style=\"margin:0 0 16px\">If someone checks this inbox, use a safer device to read about this or to look for help.</p>\n<p class=\"only-in-mail\" style=\"margin:0 0 16px\">A reply reaches Example Coalition. It is not a help line and may be read late; use the numbers above for help.</p>\n<p style=\"margin:0 0 16px\">Example Coalition<br>1 Example Street, Example Town, EX 00000</p>\n</td></tr>\n</table>\n</td>\n</tr></table>\n</body>\n</html>\n", "list_id": "Reading Week <reading-week.news.example.org>", "parts": [], "preheader": "Five days, five short letters", "reply_to": "hello@example.org", "subject": "Why we read", "text": "Five days, five short letters\n\nReading Week\nDay 1 of 3, Monday 8 March 2027\n\nWhy we read\n===========\n\nGood morning.\n\nthe town library had 4,100 members at the end of 2025, says the Annual\nReport 2025.\n\nFigures: 4,100, as of December 2025. Source: Annual Report 2025, Town\nLibrary, February 2026.\nhttps://library.example/report-2025\n\nHelp\n----\n\n1-555-010-0199\n  Library desk. Questions about books, cards and events. Monday to\n  Friday, 9 to 17. English.\n\n------------------------------------------------------------------------\n\nYou get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.\n\nGet fewer of these emails, or pause them:\n%preferences_url%\n\nStop these emails:\n%unsubscribe_url%\n\nRead this email in a browser:\nhttps://news.example.org/archive/2027-03-08\n\nIf someone checks this inbox, use a safer device to read about this or\nto look for help.\n\nA reply reaches Example Coalition. It is not a help line and may be read\nlate; use the numbers above for help.\n\nExample Coalition\n1 Example Street, Example Town, EX 00000\n", "tokens": ["%unsubscribe_url%", "%preferences_url%"], "type": "EmailBody"}, "campaign": "reading-week", "channel": "email", "claims": ["members-2025"], "contacts": ["desk-phone"], "due_at": "2027-03-08T12:30:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "kind": "fact", "links": ["https://library.example/report-2025", "https://news.example.org/archive/2027-03-08"], "on": "2027-03-08", "quotations": [], "rests_on": {"claim:members-2025": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
INSERT INTO public.messages VALUES ('a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490', '{"audience": "", "body": {"alt_text": "", "characters": 75, "contains_url": false, "limit": 280, "text": "4,100 of us have a library card.\n\nLibrary desk: 1-555-010-0199\n#ReadingWeek", "type": "PostBody"}, "campaign": "reading-week", "channel": "x", "claims": ["members-2025"], "contacts": ["desk-phone"], "due_at": "2027-03-08T17:00:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "kind": "fact", "links": [], "on": "2027-03-08", "quotations": [], "rests_on": {"claim:members-2025": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
INSERT INTO public.messages VALUES ('a6f5c4ec633a190c3e84ad6aba53235502a35757f41e47a63237c66a22755b07', '{"audience": "", "body": {"from_address": "news@example.org", "from_name": "Example Coalition", "headers": {"Auto-Submitted": "auto-generated", "List-Id": "Reading Week <reading-week.news.example.org>"}, "html": "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Ten minutes a day</title>\n<style>@media (prefers-color-scheme:dark){.page{background-color:#12171e!important}.card{background-color:#1b222c!important}.card,.h1,.h2,.h3,.quote,.help,.help_title,.digits,.digits_small,.help_line,.part,.part_now{color:#e8edf3!important}.lead,.eyebrow,.attribution,.small,.foot,.help_hours{color:#a5b0bd!important}.link{color:#8db8f2!important}.blockquote,.action{border-color:#8db8f2!important}.note{border-color:#7d8896!important}.hr,.part{border-color:#3a4553!important}.help,.part_now{background-color:#12171e!important;border-color:#8db8f2!important}.button{background-color:#8db8f2!important}.button_link{color:#12171e!important}}@media (max-width:480px){.outer{padding:0 0 24px!important}.band,.card{padding-left:16px!important;padding-right:16px!important;border-radius:0!important}.help{padding:16px 16px 0!important}}</style>\n</head>\n<body class=\"page\" style=\"margin:0;padding:0;background-color:#eaf1fb;-webkit-text-size-adjust:100%;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"outer\" align=\"center\" style=\"padding:8px 8px 32px\">\n<table role=\"presentation\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"width:100%;max-width:600px;border-collapse:separate;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<tr><td class=\"band\" align=\"left\" style=\"padding:16px 24px;background-color:#1f4e8c;color:#ffffff;border-radius:6px 6px 0 0\">\n<p style=\"margin:0;font-size:18px;line-height:1.3;font-weight:bold;color:#ffffff\">Reading Week</p>\n<p style=\"margin:4px 0 0;font-size:15px;line-height:1.4;color:#ffffff\">Day 2 of 3, Tuesday 9 March 2027</p>\n</td></tr>\n<tr><td class=\"card\" align=\"left\" style=\"padding:24px 24px 8px;background-color:#ffffff;color:#1b2430;border-radius:0 0 6px 6px;overflow-wrap:break-word;word-break:break-word\">\n<h1 class=\"h1\" style=\"margin:0 0 16px;font-size:26px;line-height:1.25;font-weight:bold;color:#1b2430\">Ten minutes a day</h1>\n<p style=\"margin:0 0 16px\">Ten minutes a day are a book a month.</p>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"help\" style=\"padding:20px 20px 4px;background-color:#eaf1fb;color:#1b2430;border:2px solid #1f4e8c;border-radius:6px\">\n<h2 class=\"help_title\" style=\"margin:0 0 12px;font-size:20px;line-height:1.3;font-weight:bold;color:#1b2430\">Help</h2>\n<p class=\"digits\" style=\"margin:0;font-size:28px;line-height:1.3;font-weight:bold;color:#1b2430\"><a class=\"link\" href=\"tel:+15550100199\" style=\"color:#1f4e8c;text-decoration:underline\">1-555-010-0199</a></p>\n<p class=\"help_line\" style=\"margin:0;font-size:15px;line-height:1.45;color:#1b2430\">\n<strong>Library desk.</strong> Questions about books, cards and events.\n</p>\n<p class=\"help_hours\" style=\"margin:0 0 16px;font-size:14px;line-height:1.5;color:#56616f\">\nMonday to Friday, 9 to 17. English.\n</p>\n</td>\n</tr></table>\n<div style=\"height:20px;line-height:20px;font-size:1px\">&nbsp;</div>\n</td></tr>\n<tr><td class=\"foot\" align=\"left\" style=\"padding:20px 16px 0;font-size:14px;line-height:1.5;color:#56616f\">\n<p class=\"only-in-mail\" style=\"margin:0 0 16px\">You get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.</p>\n<p style=\"margin:0 0 16px\"><a class=\"link\" href=\"%preferences_url%\" style=\"color:#1f4e8c;text-decoration:underline\">Get fewer of these emails, or pause them</a>.<br>\n<a class=\"link\" href=\"%unsubscribe_url%\" style=\"color:#1f4e8c;text-decoration:underline\">Stop these emails</a>.</p>\n<p class=\"only-in-mail\" style=\"margin:0 0 16px\"><a class=\"link\" href=\"https://news.example.org/archive/2027-03-09\" style=\"color:#1f4e8c;text-decoration:underline\">Read this email in a browser</a>.</p>\n<p class=\"only-in-mail\" style=\"margin:0 0 16px\">If someone checks this inbox, use a safer device to read about this or to look for help.</p>\n<p class=\"only-in-mail\" style=\"margin:0 0 16px\">A reply reaches Example Coalition. It is not a help line and may be read late; use the numbers above for help.</p>\n<p style=\"margin:0 0 16px\">Example Coalition<br>1 Example Street, Example Town, EX 00000</p>\n</td></tr>\n</table>\n</td>\n</tr></table>\n</body>\n</html>\n", "list_id": "Reading Week <reading-week.news.example.org>", "parts": [], "preheader": "", "reply_to": "hello@example.org", "subject": "Ten minutes a day", "text": "Reading Week\nDay 2 of 3, Tuesday 9 March 2027\n\nTen minutes a day\n=================\n\nTen minutes a day are a book a month.\n\nHelp\n----\n\n1-555-010-0199\n  Library desk. Questions about books, cards and events. Monday to\n  Friday, 9 to 17. English.\n\n------------------------------------------------------------------------\n\nYou get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.\n\nGet fewer of these emails, or pause them:\n%preferences_url%\n\nStop these emails:\n%unsubscribe_url%\n\nRead this email in a browser:\nhttps://news.example.org/archive/2027-03-09\n\nIf someone checks this inbox, use a safer device to read about this or\nto look for help.\n\nA reply reaches Example Coalition. It is not a help line and may be read\nlate; use the numbers above for help.\n\nExample Coalition\n1 Example Street, Example Town, EX 00000\n", "tokens": ["%unsubscribe_url%", "%preferences_url%"], "type": "EmailBody"}, "campaign": "reading-week", "channel": "email", "claims": [], "contacts": ["desk-phone"], "due_at": "2027-03-09T12:30:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "kind": "action", "links": ["https://news.example.org/archive/2027-03-09"], "on": "2027-03-09", "quotations": [], "rests_on": {"contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
INSERT INTO public.messages VALUES ('984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992', '{"audience": "", "body": {"alt_text": "", "characters": 67, "contains_url": false, "limit": 280, "text": "Ten minutes a day are a book a month.\n\nLibrary desk: 1-555-010-0199", "type": "PostBody"}, "campaign": "reading-week", "channel": "x", "claims": [], "contacts": ["desk-phone"], "due_at": "2027-03-09T15:00:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "kind": "action", "links": [], "on": "2027-03-09", "quotations": [], "rests_on": {"contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
INSERT INTO public.messages VALUES ('a6ac361e7b0d21cc0f0cca17b74d8dbf6846d9183ac2159dc44d766eb59f7911', '{"audience": "", "body": {"from_address": "news@example.org", "from_name": "Example Coalition", "headers": {"Auto-Submitted": "auto-generated", "List-Id": "Reading Week <reading-week.news.example.org>"}, "html": "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>How many readers? Then and now</title>\n<style>@media (prefers-color-scheme:dark){.page{background-color:#12171e!important}.card{background-color:#1b222c!important}.card,.h1,.h2,.h3,.quote,.help,.help_title,.digits,.digits_small,.help_line,.part,.part_now{color:#e8edf3!important}.lead,.eyebrow,.attribution,.small,.foot,.help_hours{color:#a5b0bd!important}.link{color:#8db8f2!important}.blockquote,.action{border-color:#8db8f2!important}.note{border-color:#7d8896!important}.hr,.part{border-color:#3a4553!important}.help,.part_now{background-color:#12171e!important;border-color:#8db8f2!important}.button{background-color:#8db8f2!important}.button_link{color:#12171e!important}}@media (max-width:480px){.outer{padding:0 0 24px!important}.band,.card{padding-left:16px!important;padding-right:16px!important;border-radius:0!important}.help{padding:16px 16px 0!important}}</style>\n</head>\n<body class=\"page\" style=\"margin:0;padding:0;background-color:#eaf1fb;-webkit-text-size-adjust:100%;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"outer\" align=\"center\" style=\"padding:8px 8px 32px\">\n<table role=\"presentation\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"width:100%;max-width:600px;border-collapse:separate;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<tr><td class=\"band\" align=\"left\" style=\"padding:16px 24px;background-color:#1f4e8c;color:#ffffff;border-radius:6px 6px 0 0\">\n<p style=\"margin:0;font-size:18px;line-height:1.3;font-weight:bold;color:#ffffff\">Reading Week</p>\n<p style=\"margin:4px 0 0;font-size:15px;line-height:1.4;color:#ffffff\">Day 3 of 3, Wednesday 10 March 2027</p>\n</td></tr>\n<tr><td class=\"card\" align=\"left\" style=\"padding:24px 24px 8px;background-color:#ffffff;color:#1b2430;border-radius:0 0 6px 6px;overflow-wrap:break-word;word-break:break-word\">\n<p class=\"eyebrow\" style=\"margin:0 0 4px;font-size:14px;line-height:1.5;color:#56616f\">Town Reading Day</p>\n<h1 class=\"h1\" style=\"margin:0 0 16px;font-size:26px;line-height:1.25;font-weight:bold;color:#1b2430\">How many readers? Then and now</h1>\n<p style=\"margin:0 0 16px\">In 1990: 900. Now: 4,100.</p>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"part\" style=\"padding:16px 16px 4px;border:1px solid #d5dbe3;border-radius:6px;color:#1b2430\">\n<h2 class=\"label\" style=\"margin:0 0 8px;font-size:17px;line-height:1.3;font-weight:bold\">Then</h2>\n<p style=\"margin:0 0 4px\">&ldquo;The town has 900 members today, and room for each one of them.&rdquo;</p>\n<p class=\"attribution\" style=\"margin:0 0 12px;font-size:14px;line-height:1.5;color:#56616f\">The founders, founding letter, 1990</p>\n</td>\n</tr></table>\n<div style=\"height:12px;line-height:12px;font-size:1px\">&nbsp;</div>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"part_now\" style=\"padding:16px 16px 4px;border:1px solid #1f4e8c;border-radius:6px;color:#1b2430;background-color:#eaf1fb\">\n<h2 class=\"label\" style=\"margin:0 0 8px;font-size:17px;line-height:1.3;font-weight:bold\">Now</h2>\n<p style=\"margin:0 0 4px\">the town library had 4,100 members at the end of 2025.</p>\n<p class=\"attribution\" style=\"margin:0 0 12px;font-size:14px;line-height:1.5;color:#56616f\">\nSource: <a class=\"link\" href=\"https://library.example/report-2025\" style=\"color:#1f4e8c;text-decoration:underline\">Annual Report 2025</a>, Town Library, February 2026.\n</p>\n</td>\n</tr></table>\n<div style=\"height:20px;line-height:20px;font-size:1px\">&nbsp;</div>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"help\" style=\"padding:20px 20px 4px;background-color:#eaf1fb;color:#1b2430;border:2px solid #1f4e8c;border-radius:6px\">\n<h2 class=\"help_title\" style=\"margin:0 0 12px;font-size:20px;line-height:1.3;font-weight:bold;color:#1b2430\">Help</h2>\n<p class=\"digits\" style=\"margin:0;font-size:28px;line-height:1.3;font-weight:bold;color:#1b2430\"><a class=\"link\" href=\"tel:+15550100199\" style=\"color:#1f4e8c;text-decoration:underline\">1-555-010-0199</a></p>\n<p class=\"help_line\" style=\"margin:0;font-size:15px;line-height:1.45;color:#1b2430\">\n<strong>Library desk.</strong> Questions about books, cards and events.\n</p>\n<p class=\"help_hours\" style=\"margin:0 0 16px;font-size:14px;line-height:1.5;color:#56616f\">\nMonday to Friday, 9 to 17. English.\n</p>\n</td>\n</tr></table>\n<div style=\"height:20px;line-height:20px;font-size:1px\">&nbsp;</div>\n</td></tr>\n<tr><td class=\"foot\" align=\"left\" style=\"padding:20px 16px 0;font-size:14px;line-height:1.5;color:#56616f\">\n<p class=\"only-in-mail\" style=\"margin:0 0 16px\">You get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.</p>\n<p style=\"margin:0 0 16px\"><a class=\"link\" href=\"%preferences_url%\" style=\"color:#1f4e8c;text-decoration:underline\">Get fewer of these emails, or pause them</a>.<br>\n<a class=\"link\" href=\"%unsubscribe_url%\" style=\"color:#1f4e8c;text-decoration:underline\">Stop these emails</a>.</p>\n<p class=\"only-in-mail\" style=\"margin:0 0 16px\"><a class=\"link\" href=\"https://news.example.org/archive/2027-03-10\" style=\"color:#1f4e8c;text-decoration:underline\">Read this email in a browser</a>.</p>\n<p class=\"only-in-mail\" style=\"margin:0 0 16px\">If someone checks this inbox, use a safer device to read about this or to look for help.</p>\n<p class=\"only-in-mail\" style=\"margin:0 0 16px\">A reply reaches Example Coalition. It is not a help line and may be read late; use the numbers above for help.</p>\n<p style=\"margin:0 0 16px\">Example Coalition<br>1 Example Street, Example Town, EX 00000</p>\n</td></tr>\n</table>\n</td>\n</tr></table>\n</body>\n</html>\n", "list_id": "Reading Week <reading-week.news.example.org>", "parts": [], "preheader": "", "reply_to": "hello@example.org", "subject": "How many readers? Then and now", "text": "Reading Week\nDay 3 of 3, Wednesday 10 March 2027\n\nTown Reading Day\n\nHow many readers? Then and now\n==============================\n\nIn 1990: 900. Now: 4,100.\n\nThen\n----\n\n“The town has 900 members today, and room for each one of them.”\nThe founders, founding letter, 1990\n\nNow\n---\n\nthe town library had 4,100 members at the end of 2025.\nSource: Annual Report 2025, Town Library, February 2026.\nhttps://library.example/report-2025\n\nHelp\n----\n\n1-555-010-0199\n  Library desk. Questions about books, cards and events. Monday to\n  Friday, 9 to 17. English.\n\n------------------------------------------------------------------------\n\nYou get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.\n\nGet fewer of these emails, or pause them:\n%preferences_url%\n\nStop these emails:\n%unsubscribe_url%\n\nRead this email in a browser:\nhttps://news.example.org/archive/2027-03-10\n\nIf someone checks this inbox, use a safer device to read about this or\nto look for help.\n\nA reply reaches Example Coalition. It is not a help line and may be read\nlate; use the numbers above for help.\n\nExample Coalition\n1 Example Street, Example Town, EX 00000\n", "tokens": ["%unsubscribe_url%", "%preferences_url%"], "type": "EmailBody"}, "campaign": "reading-week", "channel": "email", "claims": ["members-1990", "members-2025"], "contacts": ["desk-phone"], "due_at": "2027-03-10T12:30:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "kind": "then-now", "links": ["https://library.example/report-2025", "https://news.example.org/archive/2027-03-10"], "on": "2027-03-10", "quotations": ["founding-letter#L2"], "rests_on": {"claim:members-1990": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "claim:members-2025": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de", "source:founding-letter": "a86bbacd2670de2fa7b55a69d3ea9bcd55748b01af676e965fe7c773438dae6b"}, "season": 2027}');
INSERT INTO public.messages VALUES ('7ec9a632161a6e86aaa0caa79998789295740cb3d6b8d8824d7fd0679dc316aa', '{"audience": "", "body": {"alt_text": "", "characters": 61, "contains_url": false, "limit": 280, "text": "900 readers in 1990, 4,100 now.\n\nLibrary desk: 1-555-010-0199", "type": "PostBody"}, "campaign": "reading-week", "channel": "x", "claims": ["members-1990", "members-2025"], "contacts": ["desk-phone"], "due_at": "2027-03-10T15:00:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "kind": "then-now", "links": [], "on": "2027-03-10", "quotations": [], "rests_on": {"claim:members-1990": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "claim:members-2025": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
INSERT INTO public.people VALUES (1, 'Ada', 'ada', 'coordinator', NULL, '2027-03-01 14:03:00.603309+00', 'Ada', NULL);
INSERT INTO public.recipients VALUES (1, 'a29bca0a2581a872853b0ae88657f182', 1, NULL, NULL);
INSERT INTO public.recipients VALUES (1, 'cad754ee0bffc516f0ec8a06b9688d79', 1, NULL, NULL);
INSERT INTO public.recipients VALUES (1, 'cad754ee61f5e322a3877edcf6a52727', 1, NULL, NULL);
INSERT INTO public.recipients VALUES (1, 'cad754ee85454f36b319863d453ea84e', 1, NULL, NULL);
INSERT INTO public.recipients VALUES (3, 'a29bca0a2581a872853b0ae88657f182', 1, NULL, NULL);
INSERT INTO public.recipients VALUES (3, 'cad754ee0bffc516f0ec8a06b9688d79', 1, NULL, NULL);
INSERT INTO public.recipients VALUES (3, 'cad754ee61f5e322a3877edcf6a52727', 1, NULL, NULL);
INSERT INTO public.recipients VALUES (3, 'cad754ee85454f36b319863d453ea84e', 1, NULL, NULL);
INSERT INTO public.recipients VALUES (5, 'a29bca0a2581a872853b0ae88657f182', 1, NULL, NULL);
INSERT INTO public.recipients VALUES (5, 'cad754ee0bffc516f0ec8a06b9688d79', 1, NULL, NULL);
INSERT INTO public.recipients VALUES (5, 'cad754ee61f5e322a3877edcf6a52727', 1, NULL, NULL);
INSERT INTO public.recipients VALUES (5, 'cad754ee85454f36b319863d453ea84e', 1, NULL, NULL);
INSERT INTO public.signatures VALUES (1, 'reading-week', 'claim', 'members-2025', '83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37', 'Ada', 'fact-reviewer', '2027-03-01', NULL);
INSERT INTO public.signatures VALUES (2, 'reading-week', 'claim', 'members-1990', 'b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63', 'Ada', 'fact-reviewer', '2027-03-01', NULL);
INSERT INTO public.signatures VALUES (3, 'reading-week', 'contact', 'desk-phone', 'c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de', 'Ada', 'fact-reviewer', '2027-03-01', NULL);
INSERT INTO public.signatures VALUES (4, 'reading-week', 'claim', 'members-2025', '83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37', 'Grace', 'fact-reviewer', '2027-03-01', NULL);
INSERT INTO public.signatures VALUES (5, 'reading-week', 'claim', 'members-1990', 'b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63', 'Grace', 'fact-reviewer', '2027-03-01', NULL);
INSERT INTO public.signatures VALUES (6, 'reading-week', 'contact', 'desk-phone', 'c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de', 'Grace', 'fact-reviewer', '2027-03-01', NULL);
INSERT INTO public.subscribers VALUES ('cad754ee0bffc516f0ec8a06b9688d79', 'ann@example.org', 'ann@example.org', 'Ann', '', 'active', 'import readers.csv', '2027-03-01 14:00:01.625523+00', 'daily', '2027-03-01 14:00:01.625523+00', NULL, NULL);
INSERT INTO public.subscribers VALUES ('cad754ee61f5e322a3877edcf6a52727', 'ben@example.org', 'ben@example.org', 'Ben', 'America/Chicago', 'active', 'import readers.csv', '2027-03-01 14:00:01.625523+00', 'daily', '2027-03-01 14:00:01.625523+00', NULL, NULL);
INSERT INTO public.subscribers VALUES ('cad754ee85454f36b319863d453ea84e', 'cleo@example.org', 'cleo@example.org', '', '', 'active', 'import readers.csv', '2027-03-01 14:00:01.625523+00', 'daily', '2027-03-01 14:00:01.625523+00', NULL, NULL);
INSERT INTO public.subscribers VALUES ('a29bca0a2581a872853b0ae88657f182', 'fay@example.org', 'fay@example.org', '', '', 'active', 'added by Ada', '2027-03-01 14:01:00.618048+00', 'daily', '2027-03-01 14:01:00.618048+00', NULL, NULL);
INSERT INTO public.subscribers VALUES ('cad754eeba9582dff5fcb9983d8b44f5', '', 'erased:cad754eeba9582dff5fcb9983d8b44f5', '', '', 'erased', '', '2027-03-01 14:00:01.625523+00', 'daily', '2027-03-01 14:00:01.625523+00', NULL, NULL);
INSERT INTO public.subscribers VALUES ('cad754eef09d143bbc84305aacc1019e', 'dan@example.org', 'dan@example.org', 'Dan', '', 'left', 'import readers.csv', '2027-03-01 14:00:01.625523+00', 'daily', '2027-03-01 14:00:01.625523+00', NULL, NULL);
INSERT INTO public.suppressions VALUES ('dan@example.org', 'cad754eef09d143bbc84305aacc1019e', 'list', '', '2027-03-01 14:00:00+00');
SELECT pg_catalog.setval('public.api_keys_id_seq', 1, false);
SELECT pg_catalog.setval('public.approvals_id_seq', 12, true);
SELECT pg_catalog.setval('public.armings_id_seq', 1, true);
SELECT pg_catalog.setval('public.batches_id_seq', 4, true);
SELECT pg_catalog.setval('public.change_requests_id_seq', 1, false);
SELECT pg_catalog.setval('public.comments_id_seq', 1, true);
SELECT pg_catalog.setval('public.consents_id_seq', 4, true);
SELECT pg_catalog.setval('public.deliveries_id_seq', 6, true);
SELECT pg_catalog.setval('public.file_edits_id_seq', 1, false);
SELECT pg_catalog.setval('public.holds_id_seq', 1, true);
SELECT pg_catalog.setval('public.invitations_id_seq', 1, false);
SELECT pg_catalog.setval('public.letters_id_seq', 1, false);
SELECT pg_catalog.setval('public.people_id_seq', 1, true);
SELECT pg_catalog.setval('public.sessions_id_seq', 1, false);
SELECT pg_catalog.setval('public.sign_in_tries_id_seq', 1, false);
SELECT pg_catalog.setval('public.sign_ups_id_seq', 1, false);
SELECT pg_catalog.setval('public.signatures_id_seq', 6, true);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT pk_api_keys PRIMARY KEY (id);
ALTER TABLE ONLY public.approvals
    ADD CONSTRAINT pk_approvals PRIMARY KEY (id);
ALTER TABLE ONLY public.armings
    ADD CONSTRAINT pk_armings PRIMARY KEY (id);
ALTER TABLE ONLY public.attempts
    ADD CONSTRAINT pk_attempts PRIMARY KEY (token);
ALTER TABLE ONLY public.batches
    ADD CONSTRAINT pk_batches PRIMARY KEY (id);
ALTER TABLE ONLY public.cadences
    ADD CONSTRAINT pk_cadences PRIMARY KEY (subscriber_id, since_at);
ALTER TABLE ONLY public.change_requests
    ADD CONSTRAINT pk_change_requests PRIMARY KEY (id);
ALTER TABLE ONLY public.comments
    ADD CONSTRAINT pk_comments PRIMARY KEY (id);
ALTER TABLE ONLY public.confirmations
    ADD CONSTRAINT pk_confirmations PRIMARY KEY (token_hash);
ALTER TABLE ONLY public.consents
    ADD CONSTRAINT pk_consents PRIMARY KEY (id);
ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT pk_deliveries PRIMARY KEY (id);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT pk_events PRIMARY KEY (id);
ALTER TABLE ONLY public.file_edits
    ADD CONSTRAINT pk_file_edits PRIMARY KEY (id);
ALTER TABLE ONLY public.hashed_suppressions
    ADD CONSTRAINT pk_hashed_suppressions PRIMARY KEY (address_hash);
ALTER TABLE ONLY public.holds
    ADD CONSTRAINT pk_holds PRIMARY KEY (id);
ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT pk_invitations PRIMARY KEY (id);
ALTER TABLE ONLY public.ledger
    ADD CONSTRAINT pk_ledger PRIMARY KEY (id);
ALTER TABLE ONLY public.letters
    ADD CONSTRAINT pk_letters PRIMARY KEY (id);
ALTER TABLE ONLY public.messages
    ADD CONSTRAINT pk_messages PRIMARY KEY (digest);
ALTER TABLE ONLY public.packets
    ADD CONSTRAINT pk_packets PRIMARY KEY (campaign, season, edition);
ALTER TABLE ONLY public.people
    ADD CONSTRAINT pk_people PRIMARY KEY (id);
ALTER TABLE ONLY public.proofs
    ADD CONSTRAINT pk_proofs PRIMARY KEY (send_id);
ALTER TABLE ONLY public.receipts
    ADD CONSTRAINT pk_receipts PRIMARY KEY (event_id);
ALTER TABLE ONLY public.recipients
    ADD CONSTRAINT pk_recipients PRIMARY KEY (delivery_id, subscriber_id);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT pk_sessions PRIMARY KEY (id);
ALTER TABLE ONLY public.sign_in_links
    ADD CONSTRAINT pk_sign_in_links PRIMARY KEY (token_hash);
ALTER TABLE ONLY public.sign_in_tries
    ADD CONSTRAINT pk_sign_in_tries PRIMARY KEY (id);
ALTER TABLE ONLY public.sign_ups
    ADD CONSTRAINT pk_sign_ups PRIMARY KEY (id);
ALTER TABLE ONLY public.signatures
    ADD CONSTRAINT pk_signatures PRIMARY KEY (id);
ALTER TABLE ONLY public.subscribers
    ADD CONSTRAINT pk_subscribers PRIMARY KEY (id);
ALTER TABLE ONLY public.suppressions
    ADD CONSTRAINT pk_suppressions PRIMARY KEY (address_key);
ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT uq_api_keys_name UNIQUE (name);
ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT uq_api_keys_token_hash UNIQUE (token_hash);
ALTER TABLE ONLY public.attempts
    ADD CONSTRAINT uq_attempts_batch_id_number UNIQUE (batch_id, number);
ALTER TABLE ONLY public.batches
    ADD CONSTRAINT uq_batches_delivery_id_number UNIQUE (delivery_id, number);
ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT uq_deliveries_mode_campaign_season_item_channel UNIQUE (mode, campaign, season, item, channel);
ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT uq_invitations_token_hash UNIQUE (token_hash);
ALTER TABLE ONLY public.people
    ADD CONSTRAINT uq_people_name_key UNIQUE (name_key);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT uq_sessions_token_hash UNIQUE (token_hash);
ALTER TABLE ONLY public.signatures
    ADD CONSTRAINT uq_signatures_record_person_role UNIQUE (campaign, subject, subject_id, record_hash, person, role);
ALTER TABLE ONLY public.subscribers
    ADD CONSTRAINT uq_subscribers_address_key UNIQUE (address_key);
CREATE INDEX ix_approvals_campaign_season_item_channel ON public.approvals USING btree (campaign, season, item, channel);
CREATE INDEX ix_armings_campaign_season ON public.armings USING btree (campaign, season);
CREATE INDEX ix_batches_send_id ON public.batches USING btree (send_id);
CREATE INDEX ix_batches_state ON public.batches USING btree (state);
CREATE INDEX ix_change_requests_campaign_season_item_channel ON public.change_requests USING btree (campaign, season, item, channel);
CREATE INDEX ix_comments_campaign_season_item ON public.comments USING btree (campaign, season, item);
CREATE INDEX ix_consents_subscriber_id ON public.consents USING btree (subscriber_id);
CREATE INDEX ix_deliveries_mode_state_due_at ON public.deliveries USING btree (mode, state, due_at);
CREATE INDEX ix_events_delivery_id ON public.events USING btree (delivery_id);
CREATE INDEX ix_file_edits_campaign_kind_record ON public.file_edits USING btree (campaign, kind, record);
CREATE INDEX ix_invitations_campaign_season ON public.invitations USING btree (campaign, season);
CREATE INDEX ix_letters_state_try_at ON public.letters USING btree (state, try_at);
CREATE INDEX ix_letters_subscriber_id ON public.letters USING btree (subscriber_id);
CREATE INDEX ix_receipts_received_at ON public.receipts USING btree (received_at);
CREATE INDEX ix_sessions_person_id ON public.sessions USING btree (person_id);
CREATE INDEX ix_sign_in_tries_name_hash ON public.sign_in_tries USING btree (name_hash);
CREATE INDEX ix_sign_in_tries_network_hash ON public.sign_in_tries USING btree (network_hash);
CREATE INDEX ix_sign_ups_address_hash ON public.sign_ups USING btree (address_hash);
CREATE INDEX ix_sign_ups_at ON public.sign_ups USING btree (at);
CREATE INDEX ix_sign_ups_network_hash ON public.sign_ups USING btree (network_hash);
CREATE TRIGGER consents_append_only BEFORE DELETE OR UPDATE ON public.consents FOR EACH ROW EXECUTE FUNCTION public.append_only();
CREATE TRIGGER events_append_only BEFORE DELETE OR UPDATE ON public.events FOR EACH ROW EXECUTE FUNCTION public.append_only();
ALTER TABLE ONLY public.attempts
    ADD CONSTRAINT fk_attempts_batch_id FOREIGN KEY (batch_id) REFERENCES public.batches(id);
ALTER TABLE ONLY public.batches
    ADD CONSTRAINT fk_batches_delivery_id FOREIGN KEY (delivery_id) REFERENCES public.deliveries(id);
ALTER TABLE ONLY public.change_requests
    ADD CONSTRAINT fk_change_requests_comment_id FOREIGN KEY (comment_id) REFERENCES public.comments(id);
ALTER TABLE ONLY public.comments
    ADD CONSTRAINT fk_comments_answers FOREIGN KEY (answers) REFERENCES public.comments(id);
ALTER TABLE ONLY public.recipients
    ADD CONSTRAINT fk_recipients_delivery_id FOREIGN KEY (delivery_id) REFERENCES public.deliveries(id);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT fk_sessions_person_id FOREIGN KEY (person_id) REFERENCES public.people(id);
ALTER TABLE ONLY public.sign_in_links
    ADD CONSTRAINT fk_sign_in_links_person_id FOREIGN KEY (person_id) REFERENCES public.people(id);
