#!/bin/sh
# Checks the captures and the files of this evidence: unzip -q FILE.wacz -d files && sh files/evidence/verify.sh
command -v sha256sum > /dev/null || sha256sum() { shasum -a 256 "$@"; }  # as macOS calls it
cd "$(dirname "$0")/.." && sha256sum -c evidence/SHA256SUMS || bad=1
while read -r offset start size digest page; do
  tail -c +"$offset" archive/evidence.warc.gz | gzip -dcq 2> /dev/null | tail -c +"$start" | head -c "$size" |
    sha256sum | grep -q "^$digest " && printf 'ok  %s\n' "$page" || { printf 'BAD %s\n' "$page"; bad=1; }
done < evidence/captures.txt
test -z "$bad" && echo the evidence is whole || { echo the evidence was changed; exit 1; }
