-- The catalog. The tables `meta` to `encoding` hold facts from lines; rows are only ever added. Columns and tables marked
-- "derived" are computed from them, again wherever new facts matter. There are no bodies: a line is found by crawl and byte
-- offset. The number of an address is that of the 12 hex digits of its id. Crawls and sightings are numbered in the order
-- of folding, which has no meaning.
-- Times are UTC, `YYYY-MM-DDTHH:MM:SSZ`. "Point" is a capture's place in capture order: captured_at, crawl, warc, offset.

CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE crawl (
    n INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    folder TEXT NOT NULL,  -- folder of its lines, below the output: crawls/<crawl> or readings/<reader>/<crawl>
    stamp TEXT NOT NULL,  -- see LineSource.stamp
    homes TEXT NOT NULL,  -- JSON list: addresses of its start pages
    began TEXT,  -- derived: its earliest capture
    home TEXT CHECK (home IN ('good', 'bad')),  -- derived: bad where the home page was foreign or blocked
    known INTEGER,  -- derived: observed articles that were known and not suspected before
    lost INTEGER,  -- derived: those of them that were missing
    verdict TEXT CHECK (verdict IN ('taken', 'home', 'mass', 'believed'))  -- derived: whether its missing articles count
);

-- Up to which byte each file of lines was folded.
CREATE TABLE folded (
    crawl INTEGER NOT NULL REFERENCES crawl (n),
    kind TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    PRIMARY KEY (crawl, kind)
) WITHOUT ROWID;

-- Addresses of sightings: of articles, or possibly so.
CREATE TABLE address (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    article INTEGER REFERENCES address (n),  -- derived: the address whose id its article has; null: no article
    state TEXT CHECK (state IN ('live', 'suspected', 'gone', 'moved', 'archived'))  -- derived; null: as its article
);
CREATE INDEX address_article ON address (article);

-- The content of pages, without the section. Hashes are of SHA-256.
CREATE TABLE content (
    n INTEGER PRIMARY KEY,  -- 24 bits of the CRC of title and date, so that equal ones are neighbours; 39 bits of a hash of all
    title TEXT NOT NULL,
    date TEXT,
    source TEXT,
    author TEXT,
    body BLOB NOT NULL,  -- this and the next two: 16 bytes of hashes
    captions BLOB NOT NULL,
    names BLOB NOT NULL
);

CREATE TABLE sighting (
    n INTEGER PRIMARY KEY,
    crawl INTEGER NOT NULL REFERENCES crawl (n),
    warc TEXT NOT NULL,  -- the file's name within the crawl's folder
    offset INTEGER NOT NULL,
    address INTEGER NOT NULL REFERENCES address (n),
    url TEXT NOT NULL,
    captured_at TEXT NOT NULL,
    origin TEXT NOT NULL,
    outcome TEXT NOT NULL,
    etag TEXT,
    last_modified TEXT,
    same_as TEXT,
    target TEXT,  -- where a moved address leads
    sha256 TEXT,  -- the content digest with the section; this and the next two are from an article line
    section TEXT,
    line INTEGER,  -- byte offset of the article line
    content INTEGER REFERENCES content (n),  -- of the article line; derived where it only has same_as
    word TEXT CHECK (word IN ('alive', 'missing', 'moved')),  -- derived: the outcome, redirects followed; null: proves nothing
    leads INTEGER,  -- derived: the address where its redirects end
    UNIQUE (crawl, warc, offset)
);
CREATE INDEX sighting_address ON sighting (address, content);
CREATE INDEX sighting_content ON sighting (content, address);
CREATE INDEX sighting_missing ON sighting (crawl) WHERE word = 'missing';
CREATE INDEX sighting_same_as ON sighting (crawl) WHERE same_as IS NOT NULL;
CREATE INDEX sighting_moved ON sighting (crawl) WHERE outcome = 'moved';

CREATE TABLE page (
    crawl INTEGER NOT NULL REFERENCES crawl (n),
    warc TEXT NOT NULL,
    offset INTEGER NOT NULL,
    address INTEGER NOT NULL,
    url TEXT NOT NULL,
    captured_at TEXT NOT NULL,
    kind TEXT NOT NULL,
    status INTEGER NOT NULL,
    section TEXT,
    number INTEGER,
    printed_total INTEGER,
    printed_pages INTEGER,
    rows INTEGER NOT NULL,
    ended INTEGER NOT NULL,
    following INTEGER,  -- address of the listing's next page
    etag TEXT,
    last_modified TEXT,
    PRIMARY KEY (crawl, warc, offset)
) WITHOUT ROWID;
CREATE INDEX page_address ON page (address);
CREATE INDEX page_section ON page (section, crawl) WHERE kind = 'listing';

-- Pages of web archives that were gone. They are no rows of `page`: each has a sighting.
CREATE TABLE gone_page (
    crawl INTEGER NOT NULL REFERENCES crawl (n),
    warc TEXT NOT NULL,
    offset INTEGER NOT NULL,
    status INTEGER NOT NULL,  -- 404 or 410; any other: the page only prints that it is gone
    PRIMARY KEY (crawl, warc, offset)
) WITHOUT ROWID;

-- Rows of listings: one for each address and section, from the newest listing page.
CREATE TABLE listed (
    address INTEGER NOT NULL,
    section TEXT NOT NULL,
    url TEXT NOT NULL,
    captured_at TEXT NOT NULL,
    date TEXT,  -- that the row prints
    PRIMARY KEY (address, section)
) WITHOUT ROWID;

CREATE TABLE failure (
    crawl INTEGER NOT NULL REFERENCES crawl (n),
    address INTEGER NOT NULL,
    url TEXT NOT NULL,
    what TEXT NOT NULL,
    PRIMARY KEY (address, crawl, what)
) WITHOUT ROWID;

-- Article lines by encoding.
CREATE TABLE encoding (
    crawl INTEGER NOT NULL REFERENCES crawl (n),
    name TEXT NOT NULL,
    lines INTEGER NOT NULL,
    PRIMARY KEY (crawl, name)
) WITHOUT ROWID;

-- Derived: whether the newer body is a version of the older one.
CREATE TABLE alike (
    older INTEGER NOT NULL REFERENCES content (n),
    newer INTEGER NOT NULL REFERENCES content (n),
    verdict INTEGER NOT NULL,
    PRIMARY KEY (older, newer)
) WITHOUT ROWID;

-- Derived: sightings in web archives that prove that an article was not there; see absence.py.
CREATE TABLE absence (sighting INTEGER PRIMARY KEY);

-- Derived, from here on. Foreign keys are declared where rows can be deleted; sightings are never deleted, and checking
-- references to them would cost a tenth of the fold.
CREATE TABLE article (
    n INTEGER PRIMARY KEY REFERENCES address (n),
    status TEXT NOT NULL CHECK (status IN ('live', 'suspected', 'gone', 'archived')),
    place INTEGER NOT NULL,  -- its canonical address
    seen INTEGER NOT NULL,  -- sighting: the last one that found it there
    section TEXT,
    versions INTEGER NOT NULL,
    last_seen TEXT NOT NULL,  -- anywhere
    changed_at TEXT NOT NULL,  -- time of the last event, or when it was added
    looked_at TEXT,  -- the last live sighting with a word; null: none
    missing_since TEXT  -- the first sighting that did not find it at `place`: live, or in `absence`; null: it was found
);

CREATE TABLE version (
    article INTEGER NOT NULL REFERENCES article (n) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    content INTEGER NOT NULL,
    line INTEGER,  -- sighting: the one whose line represents it; null: no line
    first_seen TEXT NOT NULL,
    last_seen TEXT NOT NULL,
    sightings INTEGER NOT NULL,
    first_sighting INTEGER NOT NULL,
    PRIMARY KEY (article, number)
) WITHOUT ROWID;

-- Events of an article after it was added.
CREATE TABLE event (
    article INTEGER NOT NULL REFERENCES article (n) ON DELETE CASCADE,
    number INTEGER NOT NULL,  -- in capture order
    kind TEXT NOT NULL CHECK (kind IN ('edited', 'moved', 'gone', 'reappeared')),
    sighting INTEGER NOT NULL,  -- the sighting that found it
    captured_at TEXT NOT NULL,  -- of that sighting
    seen_before TEXT,  -- the last sighting of the old state
    missing_since TEXT,  -- of gone: the first sighting that did not find it at its place
    version_before INTEGER,
    version_after INTEGER,
    before TEXT,  -- content digests with the section
    after TEXT,
    url_before TEXT,
    url_after TEXT,
    section_before TEXT,
    section_after TEXT,
    PRIMARY KEY (article, number)
) WITHOUT ROWID;
CREATE INDEX event_at ON event (captured_at);
