CREATE FUNCTION public.append_only() RETURNS trigger
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
    not_after_at timestamp with time zone,
    first_item character varying(200) DEFAULT ''::character varying NOT NULL,
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
ALTER TABLE ONLY public.approvals ALTER COLUMN id SET DEFAULT nextval('public.approvals_id_seq'::regclass);
ALTER TABLE ONLY public.armings ALTER COLUMN id SET DEFAULT nextval('public.armings_id_seq'::regclass);
ALTER TABLE ONLY public.batches ALTER COLUMN id SET DEFAULT nextval('public.batches_id_seq'::regclass);
ALTER TABLE ONLY public.change_requests ALTER COLUMN id SET DEFAULT nextval('public.change_requests_id_seq'::regclass);
ALTER TABLE ONLY public.comments ALTER COLUMN id SET DEFAULT nextval('public.comments_id_seq'::regclass);
ALTER TABLE ONLY public.consents ALTER COLUMN id SET DEFAULT nextval('public.consents_id_seq'::regclass);
ALTER TABLE ONLY public.deliveries ALTER COLUMN id SET DEFAULT nextval('public.deliveries_id_seq'::regclass);
ALTER TABLE ONLY public.holds ALTER COLUMN id SET DEFAULT nextval('public.holds_id_seq'::regclass);
ALTER TABLE ONLY public.invitations ALTER COLUMN id SET DEFAULT nextval('public.invitations_id_seq'::regclass);
ALTER TABLE ONLY public.sign_ups ALTER COLUMN id SET DEFAULT nextval('public.sign_ups_id_seq'::regclass);
ALTER TABLE ONLY public.signatures ALTER COLUMN id SET DEFAULT nextval('public.signatures_id_seq'::regclass);
INSERT INTO public.alembic_version VALUES ('0001');
INSERT INTO public.approvals VALUES (1, 'reading-week', 2027, 'why-we-read', 'email', 'e2ab689bd32fc050acbabe3a82356b4ebea4452dfbddf2c41f1b24e7b997163c', 'Grace', 'coordinator', '', '2027-03-01 14:11:05.525449+00', NULL, '');
INSERT INTO public.approvals VALUES (2, 'reading-week', 2027, 'why-we-read', 'x', 'a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490', 'Grace', 'coordinator', '', '2027-03-01 14:11:05.650123+00', NULL, '');
INSERT INTO public.approvals VALUES (3, 'reading-week', 2027, 'a-book-a-day', 'email', '48c574de22482e82c6a811a51ce70c52004371fd8c2f8a90e805ad47842f7532', 'Grace', 'coordinator', '', '2027-03-01 14:11:05.733105+00', NULL, '');
INSERT INTO public.approvals VALUES (4, 'reading-week', 2027, 'a-book-a-day', 'x', '984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992', 'Grace', 'coordinator', '', '2027-03-01 14:11:05.816631+00', NULL, '');
INSERT INTO public.approvals VALUES (5, 'reading-week', 2027, 'then-and-now', 'email', 'c5a71f87689e61381b3fb3078e421c65a126b626e7e079c64002f668626a1f92', 'Grace', 'coordinator', '', '2027-03-01 14:11:05.917772+00', NULL, '');
INSERT INTO public.approvals VALUES (6, 'reading-week', 2027, 'then-and-now', 'x', '7ec9a632161a6e86aaa0caa79998789295740cb3d6b8d8824d7fd0679dc316aa', 'Grace', 'coordinator', '', '2027-03-01 14:11:06.020601+00', NULL, '');
INSERT INTO public.approvals VALUES (7, 'reading-week', 2027, 'why-we-read', 'email', 'e2ab689bd32fc050acbabe3a82356b4ebea4452dfbddf2c41f1b24e7b997163c', 'Ada', 'coordinator', '', '2027-03-01 14:12:06.731882+00', NULL, '');
INSERT INTO public.approvals VALUES (8, 'reading-week', 2027, 'why-we-read', 'x', 'a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490', 'Ada', 'coordinator', '', '2027-03-01 14:12:06.909894+00', NULL, '');
INSERT INTO public.approvals VALUES (9, 'reading-week', 2027, 'a-book-a-day', 'email', '48c574de22482e82c6a811a51ce70c52004371fd8c2f8a90e805ad47842f7532', 'Ada', 'coordinator', '', '2027-03-01 14:12:07.018053+00', NULL, '');
INSERT INTO public.approvals VALUES (10, 'reading-week', 2027, 'a-book-a-day', 'x', '984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992', 'Ada', 'coordinator', '', '2027-03-01 14:12:07.16628+00', NULL, '');
INSERT INTO public.approvals VALUES (11, 'reading-week', 2027, 'then-and-now', 'email', 'c5a71f87689e61381b3fb3078e421c65a126b626e7e079c64002f668626a1f92', 'Ada', 'coordinator', '', '2027-03-01 14:12:07.293867+00', NULL, '');
INSERT INTO public.approvals VALUES (12, 'reading-week', 2027, 'then-and-now', 'x', '7ec9a632161a6e86aaa0caa79998789295740cb3d6b8d8824d7fd0679dc316aa', 'Ada', 'coordinator', '', '2027-03-01 14:12:07.498782+00', NULL, '');
INSERT INTO public.armings VALUES (1, 'reading-week', 2027, 'Ada', '2027-03-01 14:15:06.784522+00', '', NULL);
INSERT INTO public.attempts VALUES ('e28b196d52262c749bca7e8c559c6713', 1, 1, '2027-03-08 15:05:07.76077+00', 'old-host:27890', 'e2ab689bd32fc050acbabe3a82356b4ebea4452dfbddf2c41f1b24e7b997163c', 'e24af1060b449d2627df4292b4296557', 4, '2027-03-08 15:05:08.361257+00', 'accepted', NULL, 'rehearsal-e24af1060b449d2627df4292b4296557-4b4433dc5f', 'rehearsed, not sent');
INSERT INTO public.attempts VALUES ('98175697b7de97850df654a37b012d55', 2, 1, '2027-03-09 15:05:06.598241+00', 'old-host:28077', '48c574de22482e82c6a811a51ce70c52004371fd8c2f8a90e805ad47842f7532', '7fac91151e57bfa98533293f4d64cdff', 4, '2027-03-09 15:05:07.146685+00', 'accepted', NULL, 'rehearsal-7fac91151e57bfa98533293f4d64cdff-3764fa0c43', 'rehearsed, not sent');
INSERT INTO public.attempts VALUES ('463289abfe48c373e604d13548f361d5', 3, 1, '2027-03-09 15:05:07.739072+00', 'old-host:28077', '984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992', 'text:c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5fbf73f66b', 0, '2027-03-09 15:05:08.222011+00', 'accepted', NULL, 'rehearsal-text-c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5-68a654e99d', 'rehearsed, not sent');
INSERT INTO public.attempts VALUES ('87c2d3dddb25834f3187edb8640ed3a0', 4, 1, '2027-03-10 15:05:05.201517+00', 'old-host:28464', 'c5a71f87689e61381b3fb3078e421c65a126b626e7e079c64002f668626a1f92', '3462c4e47a3e180e97590431c207b2b5', 4, '2027-03-10 15:05:05.417924+00', 'accepted', NULL, 'rehearsal-3462c4e47a3e180e97590431c207b2b5-c718b8af10', 'rehearsed, not sent');
INSERT INTO public.batches VALUES (1, 1, 1, 'c749bf237b6f3f06967d092994bb2ae1', 'cb8b7aa7e09b43f766f77de9c84f8abc', 4, 0, 'sent', 'e24af1060b449d2627df4292b4296557', '2027-03-08 12:30:00+00', NULL, '', 0, 1, 'e28b196d52262c749bca7e8c559c6713', 'e2ab689bd32fc050acbabe3a82356b4ebea4452dfbddf2c41f1b24e7b997163c', 'e24af1060b449d2627df4292b4296557', '2027-03-08 15:05:07.76077+00', '2027-03-08 15:06:47.76077+00', 'old-host:27890', 'rehearsal-e24af1060b449d2627df4292b4296557-4b4433dc5f', 'rehearsed, not sent', 0, 0, '2027-03-08 15:05:57.76077+00');
INSERT INTO public.batches VALUES (2, 3, 1, 'c749bf237b6f3f06967d092994bb2ae1', 'cb8b7aa7e09b43f766f77de9c84f8abc', 4, 0, 'sent', '7fac91151e57bfa98533293f4d64cdff', '2027-03-09 12:30:00+00', NULL, '', 0, 1, '98175697b7de97850df654a37b012d55', '48c574de22482e82c6a811a51ce70c52004371fd8c2f8a90e805ad47842f7532', '7fac91151e57bfa98533293f4d64cdff', '2027-03-09 15:05:06.598241+00', '2027-03-09 15:06:46.598241+00', 'old-host:28077', 'rehearsal-7fac91151e57bfa98533293f4d64cdff-3764fa0c43', 'rehearsed, not sent', 0, 0, '2027-03-09 15:05:56.598241+00');
INSERT INTO public.batches VALUES (3, 4, 1, '', '', 1, 0, 'sent', 'f7fba9d4af247638eba43ad7a6ad7e48', '2027-03-09 15:00:00+00', NULL, '', 0, 1, '463289abfe48c373e604d13548f361d5', '984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992', 'text:c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5fbf73f66b', '2027-03-09 15:05:07.739072+00', '2027-03-09 15:06:47.739072+00', 'old-host:28077', 'rehearsal-text-c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5-68a654e99d', 'rehearsed, not sent', 0, 0, '2027-03-09 15:05:57.739072+00');
INSERT INTO public.batches VALUES (4, 5, 1, 'c749bf237b6f3f06967d092994bb2ae1', 'cb8b7aa7e09b43f766f77de9c84f8abc', 4, 0, 'sent', '3462c4e47a3e180e97590431c207b2b5', '2027-03-10 12:30:00+00', NULL, '', 0, 1, '87c2d3dddb25834f3187edb8640ed3a0', 'c5a71f87689e61381b3fb3078e421c65a126b626e7e079c64002f668626a1f92', '3462c4e47a3e180e97590431c207b2b5', '2027-03-10 15:05:05.201517+00', '2027-03-10 15:06:45.201517+00', 'old-host:28464', 'rehearsal-3462c4e47a3e180e97590431c207b2b5-c718b8af10', 'rehearsed, not sent', 0, 0, '2027-03-10 15:05:55.201517+00');
INSERT INTO public.comments VALUES (1, 'reading-week', 2027, 'why-we-read', '', 'Grace', 'coordinator', 'comment', NULL, 'Good', '2027-03-01 14:10:06.61361+00');
INSERT INTO public.consents VALUES (1, '', 'import readers.csv', '2027-03-01 14:00:09.479108+00', 'import', 'on a list of readers that the organisation brought in', '', '');
INSERT INTO public.consents VALUES (2, 'c749bf237b6f3f06967d092994bb2ae1', '', '2027-03-01 14:01:05.519765+00', 'added', 'asked to be on the list', '', 'Ada');
INSERT INTO public.consents VALUES (3, 'cb8b7aa7a1d23d50235a2a8b2f328537', '', '2027-03-01 14:02:05.898347+00', 'withdrawn', 'erased from the list', '', 'Ada');
INSERT INTO public.consents VALUES (4, 'cb8b7aa7ef7ab5666e09265f964bf0c3', '', '2027-03-01 14:00:00+00', 'withdrawn', 'left the list: list', '', '');
INSERT INTO public.deliveries VALUES (1, 'rehearsal', 'reading-week', 2027, 'why-we-read', 'email', 'email', '2027-03-08', '2027-03-08 12:30:00+00', '2027-03-09 05:00:00+00', 'sent', 'e2ab689bd32fc050acbabe3a82356b4ebea4452dfbddf2c41f1b24e7b997163c', 'live would have refused: the mode is "rehearsal"', 4, 'cb8b7aa7e09b43f766f77de9c84f8abc', '', '2027-03-08 15:05:07.175402+00', '2027-03-08 15:05:08.361257+00');
INSERT INTO public.deliveries VALUES (2, 'rehearsal', 'reading-week', 2027, 'why-we-read', 'x', 'post', '2027-03-08', '2027-03-08 17:00:00+00', '2027-03-09 05:00:00+00', 'missed', '', 'its window closed before it could go: nothing ran, or nothing could be sent, while it was open', 0, '', '', NULL, '2027-03-09 15:05:05.129546+00');
INSERT INTO public.deliveries VALUES (3, 'rehearsal', 'reading-week', 2027, 'a-book-a-day', 'email', 'email', '2027-03-09', '2027-03-09 12:30:00+00', '2027-03-10 05:00:00+00', 'sent', '48c574de22482e82c6a811a51ce70c52004371fd8c2f8a90e805ad47842f7532', 'live would have refused: the mode is "rehearsal"', 4, 'cb8b7aa7e09b43f766f77de9c84f8abc', '', '2027-03-09 15:05:05.979095+00', '2027-03-09 15:05:07.146685+00');
INSERT INTO public.deliveries VALUES (4, 'rehearsal', 'reading-week', 2027, 'a-book-a-day', 'x', 'post', '2027-03-09', '2027-03-09 15:00:00+00', '2027-03-10 05:00:00+00', 'sent', '984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992', 'live would have refused: the mode is "rehearsal"', 1, '', '', '2027-03-09 15:05:07.37282+00', '2027-03-09 15:05:08.222011+00');
INSERT INTO public.deliveries VALUES (5, 'rehearsal', 'reading-week', 2027, 'then-and-now', 'email', 'email', '2027-03-10', '2027-03-10 12:30:00+00', '2027-03-11 05:00:00+00', 'sent', 'c5a71f87689e61381b3fb3078e421c65a126b626e7e079c64002f668626a1f92', 'live would have refused: the mode is "rehearsal"', 4, 'cb8b7aa7e09b43f766f77de9c84f8abc', '', '2027-03-10 15:05:04.913344+00', '2027-03-10 15:05:05.417924+00');
INSERT INTO public.deliveries VALUES (6, 'rehearsal', 'reading-week', 2027, 'then-and-now', 'x', 'post', '2027-03-10', '2027-03-10 15:00:00+00', '2027-03-11 05:00:00+00', 'scheduled', '', 'held by Ada since 2027-03-09 17:00 UTC: strike', 0, '', '', NULL, '2027-03-10 15:05:05.505501+00');
INSERT INTO public.events VALUES (1, '2027-03-01 14:01:05.519765+00', 'subscriber.added', 'Ada', NULL, '{"barred_before": "", "subscriber": "c749bf237b6f3f06967d092994bb2ae1"}', '0000000000000000000000000000000000000000000000000000000000000000', 'd126a41b735436866ba375b4004bc216804ddca0d2c9b5aa654e80ff7f7531a6');
INSERT INTO public.events VALUES (2, '2027-03-01 14:02:05.898347+00', 'subscriber.erased', 'Ada', NULL, '{"subscriber": "cb8b7aa7a1d23d50235a2a8b2f328537"}', 'd126a41b735436866ba375b4004bc216804ddca0d2c9b5aa654e80ff7f7531a6', 'ae45b49bc8df995460dc341feef14251fe8a4762d12f45e446b71bf81444f238');
INSERT INTO public.events VALUES (3, '2027-03-01 14:00:00+00', 'subscriber.left', 'reader', NULL, '{"subscriber": "cb8b7aa7ef7ab5666e09265f964bf0c3", "why": "list"}', 'ae45b49bc8df995460dc341feef14251fe8a4762d12f45e446b71bf81444f238', '22fecd63a9e914616a8d86dac10bd2342eecf9e241136992b32327e272019a40');
INSERT INTO public.events VALUES (4, '2027-03-01 14:05:06.370909+00', 'record.signed', 'Ada', NULL, '{"campaign": "reading-week", "expires_on": null, "record_hash": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-2025"}', '22fecd63a9e914616a8d86dac10bd2342eecf9e241136992b32327e272019a40', 'a8b76d0c051aba27c5df455591f0e9d989cbd893cc42dcb01bb197e0b451fc5b');
INSERT INTO public.events VALUES (5, '2027-03-01 14:05:06.539378+00', 'record.signed', 'Ada', NULL, '{"campaign": "reading-week", "expires_on": null, "record_hash": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-1990"}', 'a8b76d0c051aba27c5df455591f0e9d989cbd893cc42dcb01bb197e0b451fc5b', '95088f8be6f1b5ca4fa61a16b47074c3fdddf846a34bc18d05174c086e04aaec');
INSERT INTO public.events VALUES (6, '2027-03-01 14:06:03.44512+00', 'record.signed', 'Ada', NULL, '{"campaign": "reading-week", "expires_on": null, "record_hash": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "contact", "subject_id": "desk-phone"}', '95088f8be6f1b5ca4fa61a16b47074c3fdddf846a34bc18d05174c086e04aaec', 'bb6e279725e88d5e1630a9ebdbf92603f3a1515d65f677c28ff582db04fda776');
INSERT INTO public.events VALUES (7, '2027-03-01 14:07:03.006597+00', 'record.signed', 'Grace', NULL, '{"campaign": "reading-week", "expires_on": null, "record_hash": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-2025"}', 'bb6e279725e88d5e1630a9ebdbf92603f3a1515d65f677c28ff582db04fda776', 'fde28fcc86c9dd623cdaa9b5193d00a49c75c79de9e2c59a24405b250dd0ba0b');
INSERT INTO public.events VALUES (8, '2027-03-01 14:07:03.04934+00', 'record.signed', 'Grace', NULL, '{"campaign": "reading-week", "expires_on": null, "record_hash": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "claim", "subject_id": "members-1990"}', 'fde28fcc86c9dd623cdaa9b5193d00a49c75c79de9e2c59a24405b250dd0ba0b', '8676cc6be2ee61dde4a9bb0e1435cd3297a22c7a6daba2af3000c2d1772bb501');
INSERT INTO public.events VALUES (9, '2027-03-01 14:08:05.012397+00', 'record.signed', 'Grace', NULL, '{"campaign": "reading-week", "expires_on": null, "record_hash": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de", "role": "fact-reviewer", "signed_on": "2027-03-01", "subject": "contact", "subject_id": "desk-phone"}', '8676cc6be2ee61dde4a9bb0e1435cd3297a22c7a6daba2af3000c2d1772bb501', 'edcc45b5a59015be7b8756cb96c5ca65dc3b8041ce0ebcd74a8cbef03cd819cf');
INSERT INTO public.events VALUES (10, '2027-03-01 14:10:06.61361+00', 'comment.added', 'Grace', NULL, '{"campaign": "reading-week", "channel": "", "comment": 1, "item": "why-we-read", "role": "coordinator", "season": 2027}', 'edcc45b5a59015be7b8756cb96c5ca65dc3b8041ce0ebcd74a8cbef03cd819cf', '789b2a1d3a3affbb0f934931bec9b977831d39e7828e9d128f0ecda051340151');
INSERT INTO public.events VALUES (11, '2027-03-01 14:11:05.525449+00', 'approval.given', 'Grace', NULL, '{"campaign": "reading-week", "channel": "email", "digest": "e2ab689bd32fc050acbabe3a82356b4ebea4452dfbddf2c41f1b24e7b997163c", "item": "why-we-read", "role": "coordinator", "season": 2027}', '789b2a1d3a3affbb0f934931bec9b977831d39e7828e9d128f0ecda051340151', 'ab4b66bc30a973fb61b27568f791bed9c772f01d0c368d9dbdda89eda8d1a0aa');
INSERT INTO public.events VALUES (12, '2027-03-01 14:11:05.650123+00', 'approval.given', 'Grace', NULL, '{"campaign": "reading-week", "channel": "x", "digest": "a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490", "item": "why-we-read", "role": "coordinator", "season": 2027}', 'ab4b66bc30a973fb61b27568f791bed9c772f01d0c368d9dbdda89eda8d1a0aa', 'f8ad990395d14f6da6a97eaab1823ed9b2bb7feba8389a9ea8e8e381507aecbb');
INSERT INTO public.events VALUES (13, '2027-03-01 14:11:05.733105+00', 'approval.given', 'Grace', NULL, '{"campaign": "reading-week", "channel": "email", "digest": "48c574de22482e82c6a811a51ce70c52004371fd8c2f8a90e805ad47842f7532", "item": "a-book-a-day", "role": "coordinator", "season": 2027}', 'f8ad990395d14f6da6a97eaab1823ed9b2bb7feba8389a9ea8e8e381507aecbb', '5e0995de4987e8f063497f32fb43727553115bee8fd0c576430a36cc0ffdf472');
INSERT INTO public.events VALUES (14, '2027-03-01 14:11:05.816631+00', 'approval.given', 'Grace', NULL, '{"campaign": "reading-week", "channel": "x", "digest": "984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992", "item": "a-book-a-day", "role": "coordinator", "season": 2027}', '5e0995de4987e8f063497f32fb43727553115bee8fd0c576430a36cc0ffdf472', '47af5c911f6c41be7a8c296c010578630190ff4cfc79e7d6b997d4259367b955');
INSERT INTO public.events VALUES (15, '2027-03-01 14:11:05.917772+00', 'approval.given', 'Grace', NULL, '{"campaign": "reading-week", "channel": "email", "digest": "c5a71f87689e61381b3fb3078e421c65a126b626e7e079c64002f668626a1f92", "item": "then-and-now", "role": "coordinator", "season": 2027}', '47af5c911f6c41be7a8c296c010578630190ff4cfc79e7d6b997d4259367b955', 'bb2ccccf932ae5952d007277749cf47bb23204b0a7aad61f163715aed48f62eb');
INSERT INTO public.events VALUES (16, '2027-03-01 14:11:06.020601+00', 'approval.given', 'Grace', NULL, '{"campaign": "reading-week", "channel": "x", "digest": "7ec9a632161a6e86aaa0caa79998789295740cb3d6b8d8824d7fd0679dc316aa", "item": "then-and-now", "role": "coordinator", "season": 2027}', 'bb2ccccf932ae5952d007277749cf47bb23204b0a7aad61f163715aed48f62eb', 'dff76a0fe32de143445ddf31c2604d7ac0e114f27a90f7dc93b0ea04c685bc5a');
INSERT INTO public.events VALUES (17, '2027-03-01 14:12:06.731882+00', 'approval.given', 'Ada', NULL, '{"campaign": "reading-week", "channel": "email", "digest": "e2ab689bd32fc050acbabe3a82356b4ebea4452dfbddf2c41f1b24e7b997163c", "item": "why-we-read", "role": "coordinator", "season": 2027}', 'dff76a0fe32de143445ddf31c2604d7ac0e114f27a90f7dc93b0ea04c685bc5a', '828b0dda60b5118ee6c44748d77b401d80df8434c6040e3200c1ee26ee0c3037');
INSERT INTO public.events VALUES (18, '2027-03-01 14:12:06.909894+00', 'approval.given', 'Ada', NULL, '{"campaign": "reading-week", "channel": "x", "digest": "a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490", "item": "why-we-read", "role": "coordinator", "season": 2027}', '828b0dda60b5118ee6c44748d77b401d80df8434c6040e3200c1ee26ee0c3037', '01cbe1ede9e30eafa624b122a25f4489eed53e0d22a60526b16612cabf273375');
INSERT INTO public.events VALUES (19, '2027-03-01 14:12:07.018053+00', 'approval.given', 'Ada', NULL, '{"campaign": "reading-week", "channel": "email", "digest": "48c574de22482e82c6a811a51ce70c52004371fd8c2f8a90e805ad47842f7532", "item": "a-book-a-day", "role": "coordinator", "season": 2027}', '01cbe1ede9e30eafa624b122a25f4489eed53e0d22a60526b16612cabf273375', 'ce98221d45ae7c9f404c380c8a9d5f9c03844056dd3d1e049048b19e446c5729');
INSERT INTO public.events VALUES (20, '2027-03-01 14:12:07.16628+00', 'approval.given', 'Ada', NULL, '{"campaign": "reading-week", "channel": "x", "digest": "984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992", "item": "a-book-a-day", "role": "coordinator", "season": 2027}', 'ce98221d45ae7c9f404c380c8a9d5f9c03844056dd3d1e049048b19e446c5729', '9b2ccf97d6204ea91da0ec3b06cd4b6573cf43fad5ffe85b918df6f107005716');
INSERT INTO public.events VALUES (21, '2027-03-01 14:12:07.293867+00', 'approval.given', 'Ada', NULL, '{"campaign": "reading-week", "channel": "email", "digest": "c5a71f87689e61381b3fb3078e421c65a126b626e7e079c64002f668626a1f92", "item": "then-and-now", "role": "coordinator", "season": 2027}', '9b2ccf97d6204ea91da0ec3b06cd4b6573cf43fad5ffe85b918df6f107005716', 'ac1b6d0175ff1b2cd7fada4d2b14d0336cfff9dc75f7019d3d75c91746cd70b6');
INSERT INTO public.events VALUES (22, '2027-03-01 14:12:07.498782+00', 'approval.given', 'Ada', NULL, '{"campaign": "reading-week", "channel": "x", "digest": "7ec9a632161a6e86aaa0caa79998789295740cb3d6b8d8824d7fd0679dc316aa", "item": "then-and-now", "role": "coordinator", "season": 2027}', 'ac1b6d0175ff1b2cd7fada4d2b14d0336cfff9dc75f7019d3d75c91746cd70b6', '1653d21a019ced813a63b28ee786894a1cea92d85b6a03a64029f74b7544ea13');
INSERT INTO public.events VALUES (23, '2027-03-01 14:15:06.784522+00', 'season.armed', 'Ada', NULL, '{"campaign": "reading-week", "season": 2027}', '1653d21a019ced813a63b28ee786894a1cea92d85b6a03a64029f74b7544ea13', '1577147f824b1ce6a916c74046b1c9fffd0685efc5acdc6e929f5ee7af0f0cff');
INSERT INTO public.events VALUES (24, '2027-03-01 14:16:06.987012+00', 'delivery.planned', 'plan', 1, '{"campaign": "reading-week", "channel": "email", "due_at": "2027-03-08T12:30:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "mode": "rehearsal", "season": 2027}', '1577147f824b1ce6a916c74046b1c9fffd0685efc5acdc6e929f5ee7af0f0cff', '843ace0728c64b1d9b19e55b53f36daa7d44ab7cabc53dc06985f5db055db28f');
INSERT INTO public.events VALUES (25, '2027-03-01 14:16:06.987012+00', 'delivery.planned', 'plan', 2, '{"campaign": "reading-week", "channel": "x", "due_at": "2027-03-08T17:00:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "mode": "rehearsal", "season": 2027}', '843ace0728c64b1d9b19e55b53f36daa7d44ab7cabc53dc06985f5db055db28f', '048195f54fb2873c97f782ffe23f8d696fca536bef7f5ecb67b4f1db90c9f704');
INSERT INTO public.events VALUES (26, '2027-03-01 14:16:06.987012+00', 'delivery.planned', 'plan', 3, '{"campaign": "reading-week", "channel": "email", "due_at": "2027-03-09T12:30:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "mode": "rehearsal", "season": 2027}', '048195f54fb2873c97f782ffe23f8d696fca536bef7f5ecb67b4f1db90c9f704', '710d6fc89f299d2ebb41eae6952a4a0eadef43e66b6e1acc005fb845b669b341');
INSERT INTO public.events VALUES (27, '2027-03-01 14:16:06.987012+00', 'delivery.planned', 'plan', 4, '{"campaign": "reading-week", "channel": "x", "due_at": "2027-03-09T15:00:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "mode": "rehearsal", "season": 2027}', '710d6fc89f299d2ebb41eae6952a4a0eadef43e66b6e1acc005fb845b669b341', '4d9c1ace9d8b0938e70cc8a7485c173a52519e9d25dcda69f23fdcd40d9a7a50');
INSERT INTO public.events VALUES (28, '2027-03-01 14:16:06.987012+00', 'delivery.planned', 'plan', 5, '{"campaign": "reading-week", "channel": "email", "due_at": "2027-03-10T12:30:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "mode": "rehearsal", "season": 2027}', '4d9c1ace9d8b0938e70cc8a7485c173a52519e9d25dcda69f23fdcd40d9a7a50', '1a4c541b0d1c79211674380da56f7561da66a22338f03a7ce0e62690393455ac');
INSERT INTO public.events VALUES (29, '2027-03-01 14:16:06.987012+00', 'delivery.planned', 'plan', 6, '{"campaign": "reading-week", "channel": "x", "due_at": "2027-03-10T15:00:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "mode": "rehearsal", "season": 2027}', '1a4c541b0d1c79211674380da56f7561da66a22338f03a7ce0e62690393455ac', '13494f91eec47d56b4286ae4d58e165b5f4ef44e64f594477fbe866899e3cdd4');
INSERT INTO public.events VALUES (30, '2027-03-08 15:05:07.175402+00', 'delivery.opened', 'tick', 1, '{"frozen": 4}', '13494f91eec47d56b4286ae4d58e165b5f4ef44e64f594477fbe866899e3cdd4', 'b9055c8485f7e849308df5d9b30c81a79cfb156360969e3f6398c852cfd3c489');
INSERT INTO public.events VALUES (31, '2027-03-08 15:05:07.76077+00', 'attempt.begun', 'tick', 1, '{"attempt": 1, "batch": 1, "digest": "e2ab689bd32fc050acbabe3a82356b4ebea4452dfbddf2c41f1b24e7b997163c", "node": "old-host:27890", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 4, "token": "e28b196d52262c749bca7e8c559c6713"}', 'b9055c8485f7e849308df5d9b30c81a79cfb156360969e3f6398c852cfd3c489', '063b735984d6ec543cd3018786999349ca307a3846667e9c89ef0bb3101494b4');
INSERT INTO public.events VALUES (32, '2027-03-08 15:05:08.361257+00', 'attempt.accepted', 'tick', 1, '{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-e24af1060b449d2627df4292b4296557-4b4433dc5f", "retry_at": null, "status": null, "token": "e28b196d52262c749bca7e8c559c6713"}', '063b735984d6ec543cd3018786999349ca307a3846667e9c89ef0bb3101494b4', '6d4a1eb12bd667f8438d5e704bc0ad86a4c1013f54ee99e26cb0d10c3a56c413');
INSERT INTO public.events VALUES (33, '2027-03-09 15:05:05.129546+00', 'delivery.missed', 'tick', 2, '{"channel": "x", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "why": "nothing ran, or nothing could be sent, while it was open"}', '6d4a1eb12bd667f8438d5e704bc0ad86a4c1013f54ee99e26cb0d10c3a56c413', '85301118dbcace15d1e47483560e025d41af7bc3c468b9a9b5ce8ea86b77b400');
INSERT INTO public.events VALUES (34, '2027-03-09 15:05:05.979095+00', 'delivery.opened', 'tick', 3, '{"frozen": 4}', '85301118dbcace15d1e47483560e025d41af7bc3c468b9a9b5ce8ea86b77b400', 'c41875d02fd1188e83c5f797121f29ce861ab773dcfa70e00130d4c132875a52');
INSERT INTO public.events VALUES (35, '2027-03-09 15:05:06.598241+00', 'attempt.begun', 'tick', 3, '{"attempt": 1, "batch": 1, "digest": "48c574de22482e82c6a811a51ce70c52004371fd8c2f8a90e805ad47842f7532", "node": "old-host:28077", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 4, "token": "98175697b7de97850df654a37b012d55"}', 'c41875d02fd1188e83c5f797121f29ce861ab773dcfa70e00130d4c132875a52', 'ff91a8cc1306394ee994fedb4da6efb9fc4fe0f1d198cba82a0c9b9995a7a51c');
INSERT INTO public.events VALUES (36, '2027-03-09 15:05:07.146685+00', 'attempt.accepted', 'tick', 3, '{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-7fac91151e57bfa98533293f4d64cdff-3764fa0c43", "retry_at": null, "status": null, "token": "98175697b7de97850df654a37b012d55"}', 'ff91a8cc1306394ee994fedb4da6efb9fc4fe0f1d198cba82a0c9b9995a7a51c', 'bd08ebff2f4ad388f11f453b9b11dad5fb8e57a3f0ad7b8f60a3e0bac65840a7');
INSERT INTO public.events VALUES (37, '2027-03-09 15:05:07.37282+00', 'delivery.opened', 'tick', 4, '{"frozen": 1}', 'bd08ebff2f4ad388f11f453b9b11dad5fb8e57a3f0ad7b8f60a3e0bac65840a7', 'eca534fdc4db71ab27ed9381913d881f71f030ec36d91862e08e37b9da8e255b');
INSERT INTO public.events VALUES (38, '2027-03-09 15:05:07.739072+00', 'attempt.begun', 'tick', 4, '{"attempt": 1, "batch": 1, "digest": "984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992", "node": "old-host:28077", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 0, "token": "463289abfe48c373e604d13548f361d5"}', 'eca534fdc4db71ab27ed9381913d881f71f030ec36d91862e08e37b9da8e255b', '0d4a0d4e4e10983b803f506cc3c82932e75ad8c753e8e24aa1b5f3ce81b66dac');
INSERT INTO public.events VALUES (39, '2027-03-09 15:05:08.222011+00', 'attempt.accepted', 'tick', 4, '{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-text-c87f9bcf13785ab662fd922d32639835541306af68883ad61d3afe5-68a654e99d", "retry_at": null, "status": null, "token": "463289abfe48c373e604d13548f361d5"}', '0d4a0d4e4e10983b803f506cc3c82932e75ad8c753e8e24aa1b5f3ce81b66dac', 'b18855242995c37b24769796b81069c19065a20987602de0b5bfe4e144372703');
INSERT INTO public.events VALUES (40, '2027-03-09 17:00:03.626603+00', 'hold.set', 'Ada', NULL, '{"channel": "x", "why": "strike"}', 'b18855242995c37b24769796b81069c19065a20987602de0b5bfe4e144372703', '2f1e572278b1ec770312fc146a3b622574cd71490a9a9282d926e3fc595af632');
INSERT INTO public.events VALUES (41, '2027-03-10 15:05:04.913344+00', 'delivery.opened', 'tick', 5, '{"frozen": 4}', '2f1e572278b1ec770312fc146a3b622574cd71490a9a9282d926e3fc595af632', 'd6877b70abe0ac44e2f1206b2d2950d247b4b7cbd7c30f12642601e2723b9c27');
INSERT INTO public.events VALUES (42, '2027-03-10 15:05:05.201517+00', 'attempt.begun', 'tick', 5, '{"attempt": 1, "batch": 1, "digest": "c5a71f87689e61381b3fb3078e421c65a126b626e7e079c64002f668626a1f92", "node": "old-host:28464", "note": "live would have refused: the mode is \"rehearsal\"", "readers": 4, "token": "87c2d3dddb25834f3187edb8640ed3a0"}', 'd6877b70abe0ac44e2f1206b2d2950d247b4b7cbd7c30f12642601e2723b9c27', 'f100eefb76acf44441c3857565d5cbf06ac953657a8ff5a91c106fe24b475eec');
INSERT INTO public.events VALUES (43, '2027-03-10 15:05:05.417924+00', 'attempt.accepted', 'tick', 5, '{"batch": 1, "detail": "rehearsed, not sent", "outcome": "accepted", "reference": "rehearsal-3462c4e47a3e180e97590431c207b2b5-c718b8af10", "retry_at": null, "status": null, "token": "87c2d3dddb25834f3187edb8640ed3a0"}', 'f100eefb76acf44441c3857565d5cbf06ac953657a8ff5a91c106fe24b475eec', '563f0c4fe5cf83613bc8a95b09960cccc3569e89d20495c09d448fd88dd94144');
INSERT INTO public.events VALUES (44, '2027-03-10 15:05:05.505501+00', 'delivery.waits', 'tick', 6, '{"why": "held by Ada since 2027-03-09 17:00 UTC: strike"}', '563f0c4fe5cf83613bc8a95b09960cccc3569e89d20495c09d448fd88dd94144', '7dbfec6576d44eff3a87a80c6ec1a9f75589047c752b290cbb9044fe16a8319e');
INSERT INTO public.hashed_suppressions VALUES ('655939ca3b28e2790e876c2f8094b236bcaa5d687b0a63549bcc1724d7bbb202', 'cb8b7aa7a1d23d50235a2a8b2f328537', 'erased', 'erased', '2027-03-01 14:02:05.898347+00');
INSERT INTO public.holds VALUES (1, 'x', 'Ada', 'strike', '2027-03-09 17:00:03.626603+00', '', NULL);
INSERT INTO public.ledger VALUES (1, '032ff089189c1b891621ee098a197ff7', 44, '7dbfec6576d44eff3a87a80c6ec1a9f75589047c752b290cbb9044fe16a8319e', NULL);
INSERT INTO public.messages VALUES ('e2ab689bd32fc050acbabe3a82356b4ebea4452dfbddf2c41f1b24e7b997163c', '{"audience": "", "body": {"from_address": "news@example.org", "from_name": "Example Coalition", "headers": {"Auto-Submitted": "auto-generated", "List-Id": "Reading Week <reading-week.news.example.org>"}, "html": "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Why we read</title>\n<style>@media (prefers-color-scheme:dark){.page{background-color:#12171e!important}.card{background-color:#1b222c!important}.card,.h1,.h2,.h3,.quote,.help,.help_title,.digits,.digits_small,.help_line,.part,.part_now{color:#e8edf3!important}.lead,.eyebrow,.attribution,.small,.foot,.help_hours{color:#a5b0bd!important}.link{color:#8db8f2!important}.blockquote,.action{border-color:#8db8f2!important}.note{border-color:#7d8896!important}.hr,.part{border-color:#3a4553!important}.help,.part_now{background-color:#12171e!important;border-color:#8db8f2!important}.button{background-color:#8db8f2!important}.button_link{color:#12171e!important}}@media (max-width:480px){.outer{padding:0 0 24px!important}.band,.card{padding-left:16px!important;padding-right:16px!important;border-radius:0!important}.help{padding:16px 16px 0!important}}</style>\n</head>\n<body class=\"page\" style=\"margin:0;padding:0;background-color:#eaf1fb;-webkit-text-size-adjust:100%;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"outer\" align=\"center\" style=\"padding:8px 8px 32px\">\n<table role=\"presentation\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"width:100%;max-width:600px;border-collapse:separate;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<tr><td class=\"lead\" align=\"left\" style=\"padding:8px 16px;font-size:14px;line-height:1.5;color:#56616f\">Five days, five short letters</td></tr>\n<tr><td class=\"band\" align=\"left\" style=\"padding:16px 24px;background-color:#1f4e8c;color:#ffffff;border-radius:6px 6px 0 0\">\n<p style=\"margin:0;font-size:18px;line-height:1.3;font-weight:bold;color:#ffffff\">Reading Week</p>\n<p style=\"margin:4px 0 0;font-size:15px;line-height:1.4;color:#ffffff\">Day 1 of 3, Monday 8 March 2027</p>\n</td></tr>\n<tr><td class=\"card\" align=\"left\" style=\"padding:24px 24px 8px;background-color:#ffffff;color:#1b2430;border-radius:0 0 6px 6px;overflow-wrap:break-word;word-break:break-word\">\n<h1 class=\"h1\" style=\"margin:0 0 16px;font-size:26px;line-height:1.25;font-weight:bold;color:#1b2430\">Why we read</h1>\n<p style=\"margin:0 0 16px\">Good morning.</p>\n<p style=\"margin:0 0 16px\">the town library had 4,100 members at the end of 2025, says the Annual Report 2025.</p>\n<p class=\"small\" style=\"margin:0 0 8px;font-size:14px;line-height:1.5;color:#56616f\">\nFigures: 4,100, as of December 2025. Source: <a class=\"link\" href=\"https://library.example/report-2025\" style=\"color:#1f4e8c;text-decoration:underline\">Annual Report 2025</a>, Town Library, February 2026.\n</p>\n<div style=\"height:12px;line-height:12px;font-size:1px\">&nbsp;</div>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"help\" style=\"padding:20px 20px 4px;background-color:#eaf1fb;color:#1b2430;border:2px solid #1f4e8c;border-radius:6px\">\n<h2 class=\"help_title\" style=\"margin:0 0 12px;font-size:20px;line-height:1.3;font-weight:bold;color:#1b2430\">Help</h2>\n<p class=\"digits\" style=\"margin:0;font-size:28px;line-height:1.3;font-weight:bold;color:#1b2430\"><a class=\"link\" href=\"tel:+15550100199\" style=\"color:#1f4e8c;text-decoration:underline\">1-555-010-0199</a></p>\n<p class=\"help_line\" style=\"margin:0;font-size:15px;line-height:1.45;color:#1b2430\">\n<strong>Library desk.</strong> Questions about books, cards and events.\n</p>\n<p class=\"help_hours\" style=\"margin:0 0 16px;font-size:14px;line-height:1.5;color:#56616f\">\nMonday to Friday, 9 to 17. English.\n</p>\n</td>\n</tr></table>\n<div style=\"height:20px;line-height:20px;font-size:1px\">&nbsp;</div>\n</td></tr>\n<tr><td class=\"foot\" align=\"left\" style=\"padding:20px 16px 0;font-size:14px;line-height:1.5;color:#56616f\">\n<p style=\"margin:0 0 16px\">You get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.</p>\n<p style=\"margin:0 0 16px\"><a class=\"link\" href=\"%unsubscribe_url%\" style=\"color:#1f4e8c;text-decoration:underline\">Get fewer of these emails, or stop them</a>.</p>\n<p style=\"margin:0 0 16px\">If someone checks this inbox, use a safer device to read about this or to look for help.</p>\n<p style=\"margin:0 0 16px\">A reply reaches Example Coalition. It is not a help line and may be read late; use the numbers above for help.</p>\n<p style=\"margin:0 0 16px\">Example Coalition<br>1 Example Street, Example Town, EX 00000</p>\n</td></tr>\n</table>\n</td>\n</tr></table>\n</body>\n</html>\n", "list_id": "Reading Week <reading-week.news.example.org>", "parts": [], "preheader": "Five days, five short letters", "reply_to": "hello@example.org", "subject": "Why we read", "text": "Five days, five short letters\n\nReading Week\nDay 1 of 3, Monday 8 March 2027\n\nWhy we read\n===========\n\nGood morning.\n\nthe town library had 4,100 members at the end of 2025, says the Annual\nReport 2025.\n\nFigures: 4,100, as of December 2025. Source: Annual Report 2025, Town\nLibrary, February 2026.\nhttps://library.example/report-2025\n\nHelp\n----\n\n1-555-010-0199\n  Library desk. Questions about books, cards and events. Monday to\n  Friday, 9 to 17. English.\n\n------------------------------------------------------------------------\n\nYou get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.\n\nGet fewer of these emails, or stop them:\n%unsubscribe_url%\n\nIf someone checks this inbox, use a safer device to read about this or\nto look for help.\n\nA reply reaches Example Coalition. It is not a help line and may be read\nlate; use the numbers above for help.\n\nExample Coalition\n1 Example Street, Example Town, EX 00000\n", "tokens": ["%unsubscribe_url%"], "type": "EmailBody"}, "campaign": "reading-week", "channel": "email", "claims": ["members-2025"], "contacts": ["desk-phone"], "due_at": "2027-03-08T12:30:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "kind": "fact", "links": ["https://library.example/report-2025"], "on": "2027-03-08", "quotations": [], "rests_on": {"claim:members-2025": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
INSERT INTO public.messages VALUES ('a5c67de028753f1c88788ce214335a1e9fa15014bb5dbfee0de0b4c702222490', '{"audience": "", "body": {"alt_text": "", "characters": 75, "contains_url": false, "limit": 280, "text": "4,100 of us have a library card.\n\nLibrary desk: 1-555-010-0199\n#ReadingWeek", "type": "PostBody"}, "campaign": "reading-week", "channel": "x", "claims": ["members-2025"], "contacts": ["desk-phone"], "due_at": "2027-03-08T17:00:00+00:00", "expires_at": "2027-03-09T05:00:00+00:00", "item": "why-we-read", "kind": "fact", "links": [], "on": "2027-03-08", "quotations": [], "rests_on": {"claim:members-2025": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
INSERT INTO public.messages VALUES ('48c574de22482e82c6a811a51ce70c52004371fd8c2f8a90e805ad47842f7532', '{"audience": "", "body": {"from_address": "news@example.org", "from_name": "Example Coalition", "headers": {"Auto-Submitted": "auto-generated", "List-Id": "Reading Week <reading-week.news.example.org>"}, "html": "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>Ten minutes a day</title>\n<style>@media (prefers-color-scheme:dark){.page{background-color:#12171e!important}.card{background-color:#1b222c!important}.card,.h1,.h2,.h3,.quote,.help,.help_title,.digits,.digits_small,.help_line,.part,.part_now{color:#e8edf3!important}.lead,.eyebrow,.attribution,.small,.foot,.help_hours{color:#a5b0bd!important}.link{color:#8db8f2!important}.blockquote,.action{border-color:#8db8f2!important}.note{border-color:#7d8896!important}.hr,.part{border-color:#3a4553!important}.help,.part_now{background-color:#12171e!important;border-color:#8db8f2!important}.button{background-color:#8db8f2!important}.button_link{color:#12171e!important}}@media (max-width:480px){.outer{padding:0 0 24px!important}.band,.card{padding-left:16px!important;padding-right:16px!important;border-radius:0!important}.help{padding:16px 16px 0!important}}</style>\n</head>\n<body class=\"page\" style=\"margin:0;padding:0;background-color:#eaf1fb;-webkit-text-size-adjust:100%;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"outer\" align=\"center\" style=\"padding:8px 8px 32px\">\n<table role=\"presentation\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"width:100%;max-width:600px;border-collapse:separate;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<tr><td class=\"band\" align=\"left\" style=\"padding:16px 24px;background-color:#1f4e8c;color:#ffffff;border-radius:6px 6px 0 0\">\n<p style=\"margin:0;font-size:18px;line-height:1.3;font-weight:bold;color:#ffffff\">Reading Week</p>\n<p style=\"margin:4px 0 0;font-size:15px;line-height:1.4;color:#ffffff\">Day 2 of 3, Tuesday 9 March 2027</p>\n</td></tr>\n<tr><td class=\"card\" align=\"left\" style=\"padding:24px 24px 8px;background-color:#ffffff;color:#1b2430;border-radius:0 0 6px 6px;overflow-wrap:break-word;word-break:break-word\">\n<h1 class=\"h1\" style=\"margin:0 0 16px;font-size:26px;line-height:1.25;font-weight:bold;color:#1b2430\">Ten minutes a day</h1>\n<p style=\"margin:0 0 16px\">Ten minutes a day are a book a month.</p>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"help\" style=\"padding:20px 20px 4px;background-color:#eaf1fb;color:#1b2430;border:2px solid #1f4e8c;border-radius:6px\">\n<h2 class=\"help_title\" style=\"margin:0 0 12px;font-size:20px;line-height:1.3;font-weight:bold;color:#1b2430\">Help</h2>\n<p class=\"digits\" style=\"margin:0;font-size:28px;line-height:1.3;font-weight:bold;color:#1b2430\"><a class=\"link\" href=\"tel:+15550100199\" style=\"color:#1f4e8c;text-decoration:underline\">1-555-010-0199</a></p>\n<p class=\"help_line\" style=\"margin:0;font-size:15px;line-height:1.45;color:#1b2430\">\n<strong>Library desk.</strong> Questions about books, cards and events.\n</p>\n<p class=\"help_hours\" style=\"margin:0 0 16px;font-size:14px;line-height:1.5;color:#56616f\">\nMonday to Friday, 9 to 17. English.\n</p>\n</td>\n</tr></table>\n<div style=\"height:20px;line-height:20px;font-size:1px\">&nbsp;</div>\n</td></tr>\n<tr><td class=\"foot\" align=\"left\" style=\"padding:20px 16px 0;font-size:14px;line-height:1.5;color:#56616f\">\n<p style=\"margin:0 0 16px\">You get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.</p>\n<p style=\"margin:0 0 16px\"><a class=\"link\" href=\"%unsubscribe_url%\" style=\"color:#1f4e8c;text-decoration:underline\">Get fewer of these emails, or stop them</a>.</p>\n<p style=\"margin:0 0 16px\">If someone checks this inbox, use a safer device to read about this or to look for help.</p>\n<p style=\"margin:0 0 16px\">A reply reaches Example Coalition. It is not a help line and may be read late; use the numbers above for help.</p>\n<p style=\"margin:0 0 16px\">Example Coalition<br>1 Example Street, Example Town, EX 00000</p>\n</td></tr>\n</table>\n</td>\n</tr></table>\n</body>\n</html>\n", "list_id": "Reading Week <reading-week.news.example.org>", "parts": [], "preheader": "", "reply_to": "hello@example.org", "subject": "Ten minutes a day", "text": "Reading Week\nDay 2 of 3, Tuesday 9 March 2027\n\nTen minutes a day\n=================\n\nTen minutes a day are a book a month.\n\nHelp\n----\n\n1-555-010-0199\n  Library desk. Questions about books, cards and events. Monday to\n  Friday, 9 to 17. English.\n\n------------------------------------------------------------------------\n\nYou get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.\n\nGet fewer of these emails, or stop them:\n%unsubscribe_url%\n\nIf someone checks this inbox, use a safer device to read about this or\nto look for help.\n\nA reply reaches Example Coalition. It is not a help line and may be read\nlate; use the numbers above for help.\n\nExample Coalition\n1 Example Street, Example Town, EX 00000\n", "tokens": ["%unsubscribe_url%"], "type": "EmailBody"}, "campaign": "reading-week", "channel": "email", "claims": [], "contacts": ["desk-phone"], "due_at": "2027-03-09T12:30:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "kind": "action", "links": [], "on": "2027-03-09", "quotations": [], "rests_on": {"contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
INSERT INTO public.messages VALUES ('984a79108ac52249a6899a937566cb9a450b883378a38b9a1aef58bf0cd2a992', '{"audience": "", "body": {"alt_text": "", "characters": 67, "contains_url": false, "limit": 280, "text": "Ten minutes a day are a book a month.\n\nLibrary desk: 1-555-010-0199", "type": "PostBody"}, "campaign": "reading-week", "channel": "x", "claims": [], "contacts": ["desk-phone"], "due_at": "2027-03-09T15:00:00+00:00", "expires_at": "2027-03-10T05:00:00+00:00", "item": "a-book-a-day", "kind": "action", "links": [], "on": "2027-03-09", "quotations": [], "rests_on": {"contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
INSERT INTO public.messages VALUES ('c5a71f87689e61381b3fb3078e421c65a126b626e7e079c64002f668626a1f92', '{"audience": "", "body": {"from_address": "news@example.org", "from_name": "Example Coalition", "headers": {"Auto-Submitted": "auto-generated", "List-Id": "Reading Week <reading-week.news.example.org>"}, "html": "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"supported-color-schemes\" content=\"light dark\">\n<title>How many readers? Then and now</title>\n<style>@media (prefers-color-scheme:dark){.page{background-color:#12171e!important}.card{background-color:#1b222c!important}.card,.h1,.h2,.h3,.quote,.help,.help_title,.digits,.digits_small,.help_line,.part,.part_now{color:#e8edf3!important}.lead,.eyebrow,.attribution,.small,.foot,.help_hours{color:#a5b0bd!important}.link{color:#8db8f2!important}.blockquote,.action{border-color:#8db8f2!important}.note{border-color:#7d8896!important}.hr,.part{border-color:#3a4553!important}.help,.part_now{background-color:#12171e!important;border-color:#8db8f2!important}.button{background-color:#8db8f2!important}.button_link{color:#12171e!important}}@media (max-width:480px){.outer{padding:0 0 24px!important}.band,.card{padding-left:16px!important;padding-right:16px!important;border-radius:0!important}.help{padding:16px 16px 0!important}}</style>\n</head>\n<body class=\"page\" style=\"margin:0;padding:0;background-color:#eaf1fb;-webkit-text-size-adjust:100%;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"outer\" align=\"center\" style=\"padding:8px 8px 32px\">\n<table role=\"presentation\" width=\"600\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"width:100%;max-width:600px;border-collapse:separate;font-family:system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif;font-size:16px;line-height:1.5\">\n<tr><td class=\"band\" align=\"left\" style=\"padding:16px 24px;background-color:#1f4e8c;color:#ffffff;border-radius:6px 6px 0 0\">\n<p style=\"margin:0;font-size:18px;line-height:1.3;font-weight:bold;color:#ffffff\">Reading Week</p>\n<p style=\"margin:4px 0 0;font-size:15px;line-height:1.4;color:#ffffff\">Day 3 of 3, Wednesday 10 March 2027</p>\n</td></tr>\n<tr><td class=\"card\" align=\"left\" style=\"padding:24px 24px 8px;background-color:#ffffff;color:#1b2430;border-radius:0 0 6px 6px;overflow-wrap:break-word;word-break:break-word\">\n<p class=\"eyebrow\" style=\"margin:0 0 4px;font-size:14px;line-height:1.5;color:#56616f\">Town Reading Day</p>\n<h1 class=\"h1\" style=\"margin:0 0 16px;font-size:26px;line-height:1.25;font-weight:bold;color:#1b2430\">How many readers? Then and now</h1>\n<p style=\"margin:0 0 16px\">In 1990: 900. Now: 4,100.</p>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"part\" style=\"padding:16px 16px 4px;border:1px solid #d5dbe3;border-radius:6px;color:#1b2430\">\n<h2 class=\"label\" style=\"margin:0 0 8px;font-size:17px;line-height:1.3;font-weight:bold\">Then</h2>\n<p style=\"margin:0 0 4px\">&ldquo;The town has 900 members today, and room for each one of them.&rdquo;</p>\n<p class=\"attribution\" style=\"margin:0 0 12px;font-size:14px;line-height:1.5;color:#56616f\">The founders, founding letter, 1990</p>\n</td>\n</tr></table>\n<div style=\"height:12px;line-height:12px;font-size:1px\">&nbsp;</div>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"part_now\" style=\"padding:16px 16px 4px;border:1px solid #1f4e8c;border-radius:6px;color:#1b2430;background-color:#eaf1fb\">\n<h2 class=\"label\" style=\"margin:0 0 8px;font-size:17px;line-height:1.3;font-weight:bold\">Now</h2>\n<p style=\"margin:0 0 4px\">the town library had 4,100 members at the end of 2025.</p>\n<p class=\"attribution\" style=\"margin:0 0 12px;font-size:14px;line-height:1.5;color:#56616f\">\nSource: <a class=\"link\" href=\"https://library.example/report-2025\" style=\"color:#1f4e8c;text-decoration:underline\">Annual Report 2025</a>, Town Library, February 2026.\n</p>\n</td>\n</tr></table>\n<div style=\"height:20px;line-height:20px;font-size:1px\">&nbsp;</div>\n<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n<td class=\"help\" style=\"padding:20px 20px 4px;background-color:#eaf1fb;color:#1b2430;border:2px solid #1f4e8c;border-radius:6px\">\n<h2 class=\"help_title\" style=\"margin:0 0 12px;font-size:20px;line-height:1.3;font-weight:bold;color:#1b2430\">Help</h2>\n<p class=\"digits\" style=\"margin:0;font-size:28px;line-height:1.3;font-weight:bold;color:#1b2430\"><a class=\"link\" href=\"tel:+15550100199\" style=\"color:#1f4e8c;text-decoration:underline\">1-555-010-0199</a></p>\n<p class=\"help_line\" style=\"margin:0;font-size:15px;line-height:1.45;color:#1b2430\">\n<strong>Library desk.</strong> Questions about books, cards and events.\n</p>\n<p class=\"help_hours\" style=\"margin:0 0 16px;font-size:14px;line-height:1.5;color:#56616f\">\nMonday to Friday, 9 to 17. English.\n</p>\n</td>\n</tr></table>\n<div style=\"height:20px;line-height:20px;font-size:1px\">&nbsp;</div>\n</td></tr>\n<tr><td class=\"foot\" align=\"left\" style=\"padding:20px 16px 0;font-size:14px;line-height:1.5;color:#56616f\">\n<p style=\"margin:0 0 16px\">You get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.</p>\n<p style=\"margin:0 0 16px\"><a class=\"link\" href=\"%unsubscribe_url%\" style=\"color:#1f4e8c;text-decoration:underline\">Get fewer of these emails, or stop them</a>.</p>\n<p style=\"margin:0 0 16px\">If someone checks this inbox, use a safer device to read about this or to look for help.</p>\n<p style=\"margin:0 0 16px\">A reply reaches Example Coalition. It is not a help line and may be read late; use the numbers above for help.</p>\n<p style=\"margin:0 0 16px\">Example Coalition<br>1 Example Street, Example Town, EX 00000</p>\n</td></tr>\n</table>\n</td>\n</tr></table>\n</body>\n</html>\n", "list_id": "Reading Week <reading-week.news.example.org>", "parts": [], "preheader": "", "reply_to": "hello@example.org", "subject": "How many readers? Then and now", "text": "Reading Week\nDay 3 of 3, Wednesday 10 March 2027\n\nTown Reading Day\n\nHow many readers? Then and now\n==============================\n\nIn 1990: 900. Now: 4,100.\n\nThen\n----\n\n“The town has 900 members today, and room for each one of them.”\nThe founders, founding letter, 1990\n\nNow\n---\n\nthe town library had 4,100 members at the end of 2025.\nSource: Annual Report 2025, Town Library, February 2026.\nhttps://library.example/report-2025\n\nHelp\n----\n\n1-555-010-0199\n  Library desk. Questions about books, cards and events. Monday to\n  Friday, 9 to 17. English.\n\n------------------------------------------------------------------------\n\nYou get this email because you signed up for it with Example Coalition.\nThe series ends on Wednesday 10 March 2027.\n\nGet fewer of these emails, or stop them:\n%unsubscribe_url%\n\nIf someone checks this inbox, use a safer device to read about this or\nto look for help.\n\nA reply reaches Example Coalition. It is not a help line and may be read\nlate; use the numbers above for help.\n\nExample Coalition\n1 Example Street, Example Town, EX 00000\n", "tokens": ["%unsubscribe_url%"], "type": "EmailBody"}, "campaign": "reading-week", "channel": "email", "claims": ["members-1990", "members-2025"], "contacts": ["desk-phone"], "due_at": "2027-03-10T12:30:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "kind": "then-now", "links": ["https://library.example/report-2025"], "on": "2027-03-10", "quotations": ["founding-letter#L2"], "rests_on": {"claim:members-1990": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "claim:members-2025": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de", "source:founding-letter": "a86bbacd2670de2fa7b55a69d3ea9bcd55748b01af676e965fe7c773438dae6b"}, "season": 2027}');
INSERT INTO public.messages VALUES ('7ec9a632161a6e86aaa0caa79998789295740cb3d6b8d8824d7fd0679dc316aa', '{"audience": "", "body": {"alt_text": "", "characters": 61, "contains_url": false, "limit": 280, "text": "900 readers in 1990, 4,100 now.\n\nLibrary desk: 1-555-010-0199", "type": "PostBody"}, "campaign": "reading-week", "channel": "x", "claims": ["members-1990", "members-2025"], "contacts": ["desk-phone"], "due_at": "2027-03-10T15:00:00+00:00", "expires_at": "2027-03-11T05:00:00+00:00", "item": "then-and-now", "kind": "then-now", "links": [], "on": "2027-03-10", "quotations": [], "rests_on": {"claim:members-1990": "b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63", "claim:members-2025": "83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37", "contact:desk-phone": "c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de"}, "season": 2027}');
INSERT INTO public.recipients VALUES (1, 'c749bf237b6f3f06967d092994bb2ae1', 1, NULL, NULL);
INSERT INTO public.recipients VALUES (1, 'cb8b7aa739cdd510b17c0ce1d71a4f38', 1, NULL, NULL);
INSERT INTO public.recipients VALUES (1, 'cb8b7aa78b02df7aeb6cf9f135b8fc13', 1, NULL, NULL);
INSERT INTO public.recipients VALUES (1, 'cb8b7aa7e09b43f766f77de9c84f8abc', 1, NULL, NULL);
INSERT INTO public.recipients VALUES (3, 'c749bf237b6f3f06967d092994bb2ae1', 1, NULL, NULL);
INSERT INTO public.recipients VALUES (3, 'cb8b7aa739cdd510b17c0ce1d71a4f38', 1, NULL, NULL);
INSERT INTO public.recipients VALUES (3, 'cb8b7aa78b02df7aeb6cf9f135b8fc13', 1, NULL, NULL);
INSERT INTO public.recipients VALUES (3, 'cb8b7aa7e09b43f766f77de9c84f8abc', 1, NULL, NULL);
INSERT INTO public.recipients VALUES (5, 'c749bf237b6f3f06967d092994bb2ae1', 1, NULL, NULL);
INSERT INTO public.recipients VALUES (5, 'cb8b7aa739cdd510b17c0ce1d71a4f38', 1, NULL, NULL);
INSERT INTO public.recipients VALUES (5, 'cb8b7aa78b02df7aeb6cf9f135b8fc13', 1, NULL, NULL);
INSERT INTO public.recipients VALUES (5, 'cb8b7aa7e09b43f766f77de9c84f8abc', 1, NULL, NULL);
INSERT INTO public.signatures VALUES (1, 'reading-week', 'claim', 'members-2025', '83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37', 'Ada', 'fact-reviewer', '2027-03-01', NULL);
INSERT INTO public.signatures VALUES (2, 'reading-week', 'claim', 'members-1990', 'b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63', 'Ada', 'fact-reviewer', '2027-03-01', NULL);
INSERT INTO public.signatures VALUES (3, 'reading-week', 'contact', 'desk-phone', 'c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de', 'Ada', 'fact-reviewer', '2027-03-01', NULL);
INSERT INTO public.signatures VALUES (4, 'reading-week', 'claim', 'members-2025', '83c6568e9364717b3c6cb25acc5ae43ce9a7401a387d111d35ce5392b8aacd37', 'Grace', 'fact-reviewer', '2027-03-01', NULL);
INSERT INTO public.signatures VALUES (5, 'reading-week', 'claim', 'members-1990', 'b0cd3b99f13b4e1d74f0942df209785c80517d7a12fadc70c394638753bdaa63', 'Grace', 'fact-reviewer', '2027-03-01', NULL);
INSERT INTO public.signatures VALUES (6, 'reading-week', 'contact', 'desk-phone', 'c9fc5ca1a0835d6184650851fb42a9ea96b07bf4b86cebb08c6c4e68bb64d7de', 'Grace', 'fact-reviewer', '2027-03-01', NULL);
INSERT INTO public.subscribers VALUES ('cb8b7aa78b02df7aeb6cf9f135b8fc13', 'ann@example.org', 'ann@example.org', 'Ann', '', 'active', 'import readers.csv', '2027-03-01 14:00:09.479108+00', 'daily', '2027-03-01 14:00:09.479108+00', NULL, NULL);
INSERT INTO public.subscribers VALUES ('cb8b7aa7e09b43f766f77de9c84f8abc', 'ben@example.org', 'ben@example.org', 'Ben', 'America/Chicago', 'active', 'import readers.csv', '2027-03-01 14:00:09.479108+00', 'daily', '2027-03-01 14:00:09.479108+00', NULL, NULL);
INSERT INTO public.subscribers VALUES ('cb8b7aa739cdd510b17c0ce1d71a4f38', 'cleo@example.org', 'cleo@example.org', '', '', 'active', 'import readers.csv', '2027-03-01 14:00:09.479108+00', 'daily', '2027-03-01 14:00:09.479108+00', NULL, NULL);
INSERT INTO public.subscribers VALUES ('c749bf237b6f3f06967d092994bb2ae1', 'fay@example.org', 'fay@example.org', '', '', 'active', 'added by Ada', '2027-03-01 14:01:05.519765+00', 'daily', '2027-03-01 14:01:05.519765+00', NULL, NULL);
INSERT INTO public.subscribers VALUES ('cb8b7aa7a1d23d50235a2a8b2f328537', '', 'erased:cb8b7aa7a1d23d50235a2a8b2f328537', '', '', 'erased', '', '2027-03-01 14:00:09.479108+00', 'daily', '2027-03-01 14:00:09.479108+00', NULL, NULL);
INSERT INTO public.subscribers VALUES ('cb8b7aa7ef7ab5666e09265f964bf0c3', 'dan@example.org', 'dan@example.org', 'Dan', '', 'left', 'import readers.csv', '2027-03-01 14:00:09.479108+00', 'daily', '2027-03-01 14:00:09.479108+00', NULL, NULL);
INSERT INTO public.suppressions VALUES ('dan@example.org', 'cb8b7aa7ef7ab5666e09265f964bf0c3', 'list', '', '2027-03-01 14:00:00+00');
SELECT pg_catalog.setval('public.approvals_id_seq', 12, true);
SELECT pg_catalog.setval('public.armings_id_seq', 1, true);
SELECT pg_catalog.setval('public.batches_id_seq', 4, true);
SELECT pg_catalog.setval('public.change_requests_id_seq', 1, false);
SELECT pg_catalog.setval('public.comments_id_seq', 1, true);
SELECT pg_catalog.setval('public.consents_id_seq', 4, true);
SELECT pg_catalog.setval('public.deliveries_id_seq', 6, true);
SELECT pg_catalog.setval('public.holds_id_seq', 1, true);
SELECT pg_catalog.setval('public.invitations_id_seq', 1, false);
SELECT pg_catalog.setval('public.sign_ups_id_seq', 1, false);
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
ALTER TABLE ONLY public.hashed_suppressions
    ADD CONSTRAINT pk_hashed_suppressions PRIMARY KEY (address_hash);
ALTER TABLE ONLY public.holds
    ADD CONSTRAINT pk_holds PRIMARY KEY (id);
ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT pk_invitations PRIMARY KEY (id);
ALTER TABLE ONLY public.ledger
    ADD CONSTRAINT pk_ledger PRIMARY KEY (id);
ALTER TABLE ONLY public.messages
    ADD CONSTRAINT pk_messages PRIMARY KEY (digest);
ALTER TABLE ONLY public.packets
    ADD CONSTRAINT pk_packets PRIMARY KEY (campaign, season, edition);
ALTER TABLE ONLY public.proofs
    ADD CONSTRAINT pk_proofs PRIMARY KEY (send_id);
ALTER TABLE ONLY public.receipts
    ADD CONSTRAINT pk_receipts PRIMARY KEY (event_id);
ALTER TABLE ONLY public.recipients
    ADD CONSTRAINT pk_recipients PRIMARY KEY (delivery_id, subscriber_id);
ALTER TABLE ONLY public.sign_ups
    ADD CONSTRAINT pk_sign_ups PRIMARY KEY (id);
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
ALTER TABLE ONLY public.invitations
    ADD CONSTRAINT uq_invitations_token_hash UNIQUE (token_hash);
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
CREATE INDEX ix_invitations_campaign_season ON public.invitations USING btree (campaign, season);
CREATE INDEX ix_receipts_received_at ON public.receipts USING btree (received_at);
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
