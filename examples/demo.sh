#!/bin/sh
# The main job of Kith from end to end: ten thousand leads out of a CSV, tagged, put on lists, asked about,
# and each step in the log. Every command is shown before what it answers.
#
#     demo.sh [FOLDER OF THE kith COMMAND]      build/release/bin, unless given
set -eu
here=$(cd "$(dirname "$0")" && pwd)
bin=$(cd "${1:-$here/../build/release/bin}" && pwd) && [ -x "$bin/kith" ] || {
  echo "demo: there is no kith command in ${1:-build/release/bin}" >&2
  exit 1
}
PATH=$bin:$PATH

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
# The demo must look the same wherever it runs.
unset KITH_FILE KITH_NOW KITH_OUTPUT
export KITH_OUTPUT=table COLUMNS=110 NO_COLOR=1

# Shows a command as it could be typed, and does it.
run() {
  shown=
  for word in "$@"; do
    case $word in
      *[!A-Za-z0-9_.,:=@/+-]* | '')
        case $word in
          *\'*) word="\"$word\"" ;;
          *) word="'$word'" ;;
        esac
        ;;
    esac
    shown="$shown $word"
  done
  printf '\n$%s\n' "$shown"
  "$@"
}
say() { printf '\n# %s\n' "$1"; }

say "Ten thousand made-up leads, with the mess of real files"
run python3 "$here/data/make_leads.py" --count 10000 --seed 1 --out leads.csv
run head -n 4 leads.csv

say "A new file, with the tags, lists and custom fields of a shop"
run kith init
run kith put field key=plan label=Plan type=choice 'options=["free","basic","pro"]'
run kith put category name=Customers
run kith put category name=Regions
run kith put tag name=Customer category=Customers 'description=Pays us'
run kith put tag name=VIP category=Customers 'description=The largest of them'
run kith put tag name=Nordic category=Regions
run kith put tag name=Trial 'description=Ends 30 days after it was given' expires_after=30d
run kith put tag name=Imported
run kith put list name=News 'public_name=The monthly letter' opt_in=double
run kith put list name=Offers 'public_name=Offers' opt_in=single

say "The import: nothing is lost, and what is refused says why"
run kith import leads.csv --tag Imported --list Offers --consent 'I want to hear of offers' --by demo --rejects rejected.csv
run sh -c "sed 's/Atlantis/GR/' rejected.csv > mended.csv"
run kith import mended.csv --tag Imported --by demo

say "Tags and lists for everybody whom a question finds"
run kith tag assign --where "country in ('SE', 'NO', 'DK', 'FI')" Nordic --by demo
run kith tag assign --where "plan = 'basic' or plan = 'pro'" Customer --by demo
run kith tag assign --where "tag 'Customer' and tag 'Nordic' and plan = 'pro'" VIP --by demo
run kith tag assign --where "plan = 'free' and source = 'Webinar'" Trial --by demo
run kith list confirm --where "tag 'VIP'" News --by demo

say "Counts"
run kith count
run kith count "tag 'Nordic'"
run kith count "tag 'Customer' and not tag 'VIP'"
run kith count "list 'Offers' and not list 'News'"
run kith find tag --columns name,category,leads
run kith find lead --where "tag 'VIP' and city = 'Stockholm'" --columns id,email,first_name,last_name,company,plan --sort email --limit 5
run kith search 'anna'  --limit 3

say "One lead: an order, an abandoned cart, a note"
lead=$(kith find lead --where "tag 'VIP' and city = 'Stockholm'" --sort email --limit 1 --tsv --no-header --columns email)
run kith record "$lead" shop.cart_left '{"total": 9000, "currency": "SEK"}' --by shop
cart=$(kith log "$lead" --kind shop.cart_left --tsv --no-header --columns id)
run kith record "$lead" shop.reminder_sent --cause "$cart" --by shop
run kith record "$lead" order.paid '{"order": "1017", "total": 4900, "currency": "SEK"}' --by shop --key order-1017
printf '# Said again, after a crash say: the same key is the same event.\n'
run kith record "$lead" order.paid '{"order": "1017", "total": 4900, "currency": "SEK"}' --by shop --key order-1017
run kith note "$lead" 'Prefers to be called in the morning' --by anna
run kith list unsubscribe "$lead" Offers --reason 'too many mails' --by anna
run kith list subscribe "$lead" Offers || echo "(refused, as it should be: who left stays away)"
run kith may-send "$lead" Offers
run kith profile "$lead"
run kith log "$lead"

say "Why"
reminder=$(kith log "$lead" --kind shop.reminder_sent --tsv --no-header --columns id)
run kith why "$reminder"

say "A month later the trials have ended"
run kith count "tag 'Trial'"
run kith run --now 40d
run kith count "tag 'Trial'"

say "The file"
run kith check
run kith backup copy.kith
run kith info
