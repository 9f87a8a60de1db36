"""The query of `query_text` in SQL alone, for those who search a release's `articles.sqlite` without this program.

It needs the tables `articles` (numbered by `n`), `search` and `token_form`, and the parameter `:q`: what a person typed.
"""

from .query_text import OR, SPACE

TOKEN_FORM = "CREATE TABLE token_form (character TEXT PRIMARY KEY, form TEXT NOT NULL) WITHOUT ROWID"
"""Characters that are written otherwise in tokens; see `folding.token_forms`."""
_SPACE = f"char({', '.join(str(ord(space)) for space in SPACE)})"

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
typed (at, state, part, quoted, excluded, word, last, pairs) AS (
  SELECT 0, 0, 0, 0, 0, '', '', ''
  UNION ALL
  SELECT letter.at, new, part + begins, iif(new = 0, quoted, new = 2), iif(begins, new = 3, excluded),
         iif(begins, '', word) || iif(taken, c, ''), iif(taken, form, iif(begins, '', last)),
         iif(begins, '', pairs || iif(taken AND last != '', ' ' || last || form, ''))
  FROM typed JOIN letter ON letter.at = typed.at + 1 JOIN step ON step.state = typed.state AND step.kind = letter.kind),
part (n, word, excluded, is_or, phrase) AS MATERIALIZED (
  SELECT row_number() OVER (ORDER BY part), word, excluded, word = '{OR}' AND NOT quoted AND NOT excluded,
         '"' || iif(pairs = '', last, pairs) || '"'
  FROM (SELECT part, word, last, pairs, quoted, excluded, max(at) FROM typed WHERE last != '' GROUP BY part)),
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
  FROM clause),
first_word (word) AS (SELECT coalesce((SELECT word FROM part JOIN role USING (n) WHERE NOT excluded AND NOT role.is_or ORDER BY n LIMIT 1), ''))
""".strip()
"""The tables `asked` (`expression`: for `search MATCH`) and `first_word` (the word that a snippet is made around)."""

HITS = f"""
{ASKED}
SELECT date, section, source, title,
       iif(at = 0 OR word = '', substr(body, 1, 120),
           substr(body, max(1, at - 30), min(30, at - 1)) || '【' || substr(body, at, length(word)) || '】'
           || substr(body, at + length(word), 90)) AS snippet, url, id
FROM (SELECT articles.*, word, instr(lower(articles.body), lower(word)) AS at, hit.rank AS relevance
      FROM (SELECT rowid AS n, rank FROM search WHERE search MATCH (SELECT expression FROM asked)
            ORDER BY rank, rowid LIMIT 1000) AS hit
      JOIN articles ON articles.n = hit.n, first_word)
ORDER BY relevance, n
""".strip()
"""What is found, by relevance."""
QUERIES = {"search": HITS} | {
    f"search_by_{name}": f"{ASKED}\nSELECT {value} AS {name}, count(*) AS articles\n"
    "FROM search JOIN articles ON articles.n = search.rowid\n"
    f"WHERE search MATCH (SELECT expression FROM asked) GROUP BY 1 ORDER BY {order}"
    for name, value, order in (
        ("year", "substr(date, 1, 4)", "1 DESC"), ("section", "section", "2 DESC, 1"), ("source", "source", "2 DESC, 1"),
    )
}  # fmt: skip
"""By name: what is found, and how much of it by year, section and source."""
