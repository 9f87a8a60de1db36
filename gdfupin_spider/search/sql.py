"""The query of `query_text` in SQL alone, for those who search a release's `articles.sqlite` without this program.

It needs the tables `articles` (numbered by `n`), `search` and `token_form`, and the parameter `:q`: what a person typed.
"""

from .query_text import OR, SPACE

TOKEN_FORM = "CREATE TABLE token_form (character TEXT PRIMARY KEY, form TEXT NOT NULL) WITHOUT ROWID"
"""Characters that are written otherwise in tokens; see `folding.token_forms`."""
_SPACE = f"char({', '.join(str(ord(space)) for space in SPACE)})"

MOST = 100
"""Hits that HITS gives; the counts are of all. Marking takes a millisecond or more for each."""
_LENGTH, _BEFORE = 120, 30
"""Characters of a snippet, and of those before its first word."""

# `letter`: the characters of :q, each with its form in tokens. `step`: what a character does: state 0 is between words, 1 in a
# word, 2 in a phrase, 3 behind the `-` of a word; `taken` characters are part of a word. `typed`: the letters one after the other.
# `part`: a row for each word or phrase; `role`: which of them are operators; `clause`: alternatives that OR joins.
ASKED = f"""
WITH RECURSIVE position (at) AS (SELECT 1 WHERE length(:q) > 0 UNION ALL SELECT at + 1 FROM position WHERE at < length(:q)),
letter (at, c, form, kind) AS MATERIALIZED (
  SELECT at, c, coalesce((SELECT form FROM token_form WHERE character = c), c),
         CASE WHEN instr({_SPACE}, c) THEN 'space' WHEN c = '"' THEN 'quote'
              WHEN c = '-' AND next != '' AND NOT instr({_SPACE}, next) THEN 'minus' ELSE 'other' END
  FROM (SELECT at, substr(:q, at, 1) AS c, substr(:q, at + 1, 1) AS next FROM position)),
step (state, kind, new, begins, taken) AS (
  VALUES (0, 'space', 0, 0, 0), (0, 'minus', 3, 1, 0), (0, 'quote', 2, 1, 0), (0, 'other', 1, 1, 1),
         (1, 'space', 0, 0, 0), (1, 'minus', 1, 0, 1), (1, 'quote', 1, 0, 1), (1, 'other', 1, 0, 1),
         (2, 'space', 2, 0, 1), (2, 'minus', 2, 0, 1), (2, 'quote', 0, 0, 0), (2, 'other', 2, 0, 1),
         (3, 'minus', 1, 0, 1), (3, 'quote', 2, 0, 0), (3, 'other', 1, 0, 1)),
typed (at, state, part, quoted, excluded, word, folded, last, pairs) AS (
  SELECT 0, 0, 0, 0, 0, '', '', '', ''
  UNION ALL
  SELECT letter.at, new, part + begins, iif(new = 0, quoted, new = 2), iif(begins, new = 3, excluded),
         iif(begins, '', word) || iif(taken, c, ''), iif(begins, '', folded) || iif(taken, form, ''),
         iif(taken, form, iif(begins, '', last)),
         iif(begins, '', pairs || iif(taken AND last != '', ' ' || last || form, ''))
  FROM typed JOIN letter ON letter.at = typed.at + 1 JOIN step ON step.state = typed.state AND step.kind = letter.kind),
part (n, folded, excluded, is_or, phrase) AS MATERIALIZED (
  SELECT row_number() OVER (ORDER BY part), folded, excluded, word = '{OR}' AND NOT quoted AND NOT excluded,
         '"' || iif(pairs = '', last, pairs) || '"'
  FROM (SELECT part, word, folded, last, pairs, quoted, excluded, max(at) FROM typed WHERE last != '' GROUP BY part)),
role (n, is_or, clause) AS (
  SELECT 1, 0, 1
  UNION ALL
  SELECT part.n, part.is_or AND NOT role.is_or AND part.n < (SELECT max(n) FROM part),
         clause + (NOT (role.is_or OR (part.is_or AND part.n < (SELECT max(n) FROM part))))
  FROM role JOIN part ON part.n = role.n + 1),
clause (held, refused) AS (
  SELECT group_concat(phrase, ' OR ') FILTER (WHERE NOT excluded), group_concat(phrase, ' AND ') FILTER (WHERE excluded)
  FROM part JOIN role USING (n) WHERE NOT role.is_or GROUP BY clause),
asked (expression) AS (
  SELECT coalesce(group_concat('(' || held || ')', ' AND ') FILTER (WHERE refused IS NULL), 'every')
         || coalesce(' NOT (' || group_concat('(' || refused || coalesce(' NOT (' || held || ')', '') || ')', ' OR ')
                                 FILTER (WHERE refused IS NOT NULL) || ')', '')
  FROM clause)
""".strip()
"""The table `asked` (`expression`: for `search MATCH`), and `part` and `role`, which it is made of."""

# `wanted`: the words that are marked, in token form. `variant`: the characters of texts that are written otherwise in these words; `found`:
# the hits, with bodies in which they are replaced, one for one, so that places are those of the body. `stretch`: what is shown;
# `place`: its characters, of which those within a word are marked.
HITS = f"""
{ASKED},
wanted (word) AS MATERIALIZED (SELECT DISTINCT folded FROM part JOIN role USING (n) WHERE NOT excluded AND NOT role.is_or),
variant (k, c, form) AS MATERIALIZED (
  SELECT row_number() OVER (), character, form FROM token_form WHERE instr((SELECT group_concat(word, '') FROM wanted), form)),
place (p) AS (SELECT 1 UNION ALL SELECT p + 1 FROM place WHERE p < {_LENGTH}),
found (n, rank, folded) AS MATERIALIZED (
  SELECT n, rank, (WITH RECURSIVE same (k, text) AS (
                     SELECT 0, body UNION ALL SELECT variant.k, replace(text, c, form) FROM same JOIN variant ON variant.k = same.k + 1)
                   SELECT text FROM same ORDER BY k DESC LIMIT 1)
  FROM (SELECT rowid AS n, rank FROM search WHERE search MATCH (SELECT expression FROM asked) ORDER BY rank, rowid LIMIT {MOST}) JOIN articles USING (n)),
stretch (n, rank, start, folded) AS MATERIALIZED (
  SELECT n, rank, start, substr(folded, start, {_LENGTH}) FROM (
    SELECT *, max(1, coalesce((SELECT min(instr(folded, word)) FROM wanted WHERE instr(folded, word)), 1) - {_BEFORE}) AS start FROM found))
SELECT date, section, source, title,
       (SELECT group_concat(iif(mark > before, '【', '') || substr(body, start + p - 1, 1) || iif(mark > after, '】', ''), '')
        FROM (SELECT p, mark, lag(mark, 1, 0) OVER (ORDER BY p) AS before, lead(mark, 1, 0) OVER (ORDER BY p) AS after
              FROM (SELECT p, EXISTS (SELECT 1 FROM wanted WHERE instr(
                       substr(folded, max(1, p - length(word) + 1), p + length(word) - max(1, p - length(word) + 1)), word)) AS mark
                    FROM place WHERE p <= length(folded)))) AS snippet, url, id
FROM stretch JOIN articles USING (n) ORDER BY rank, n
""".strip()
"""What is found, by relevance, MOST at most; every word is marked, whatever its width and case."""
QUERIES = {"search": HITS} | {
    f"search_by_{name}": f"{ASKED}\nSELECT {value} AS {name}, count(*) AS articles\n"
    "FROM search JOIN articles ON articles.n = search.rowid\n"
    f"WHERE search MATCH (SELECT expression FROM asked) GROUP BY 1 ORDER BY {order}"
    for name, value, order in (
        ("year", "substr(date, 1, 4)", "1 DESC"), ("section", "section", "2 DESC, 1"), ("source", "source", "2 DESC, 1"),
    )
}  # fmt: skip
"""By name: what is found, and how much of it by year, section and source."""
