#!/usr/bin/env python3
"""Writes a CSV of made-up leads, with the mess that real files have: the same person twice, addresses in
capitals, stray spaces, empty cells, and a few rows that no CRM should take. The same seed and count give
the same bytes on every machine. Nobody in it is real: every domain ends in .example, which is nobody's.

    make_leads.py [--count 10000] [--seed 1] [--out leads.csv]
"""
import argparse
import csv
import io
import random
import sys

# City, country, language, time zone, prefix of phone numbers, which names are usual there.
PLACES = [
    ("Stockholm", "SE", "sv-SE", "Europe/Stockholm", "+46 8", "nordic"),
    ("Göteborg", "SE", "sv-SE", "Europe/Stockholm", "+46 31", "nordic"),
    ("Malmö", "SE", "sv-SE", "Europe/Stockholm", "+46 40", "nordic"),
    ("Oslo", "NO", "nb-NO", "Europe/Oslo", "+47 22", "nordic"),
    ("København", "DK", "da-DK", "Europe/Copenhagen", "+45 33", "nordic"),
    ("Helsinki", "FI", "fi-FI", "Europe/Helsinki", "+358 9", "nordic"),
    ("Berlin", "DE", "de-DE", "Europe/Berlin", "+49 30", "german"),
    ("München", "DE", "de-DE", "Europe/Berlin", "+49 89", "german"),
    ("Wien", "AT", "de-AT", "Europe/Vienna", "+43 1", "german"),
    ("Zürich", "CH", "de-CH", "Europe/Zurich", "+41 44", "german"),
    ("London", "GB", "en-GB", "Europe/London", "+44 20", "english"),
    ("Manchester", "GB", "en-GB", "Europe/London", "+44 161", "english"),
    ("Dublin", "IE", "en-IE", "Europe/Dublin", "+353 1", "english"),
    ("New York", "US", "en-US", "America/New_York", "+1 212", "english"),
    ("Chicago", "US", "en-US", "America/Chicago", "+1 312", "english"),
    ("San Francisco", "US", "en-US", "America/Los_Angeles", "+1 415", "english"),
    ("Toronto", "CA", "en-CA", "America/Toronto", "+1 416", "english"),
    ("Sydney", "AU", "en-AU", "Australia/Sydney", "+61 2", "english"),
    ("Paris", "FR", "fr-FR", "Europe/Paris", "+33 1", "latin"),
    ("Lyon", "FR", "fr-FR", "Europe/Paris", "+33 4", "latin"),
    ("Madrid", "ES", "es-ES", "Europe/Madrid", "+34 91", "latin"),
    ("Lisboa", "PT", "pt-PT", "Europe/Lisbon", "+351 21", "latin"),
    ("São Paulo", "BR", "pt-BR", "America/Sao_Paulo", "+55 11", "latin"),
    ("Ciudad de México", "MX", "es-MX", "America/Mexico_City", "+52 55", "latin"),
    ("東京", "JP", "ja-JP", "Asia/Tokyo", "+81 3", "japanese"),
    ("大阪", "JP", "ja-JP", "Asia/Tokyo", "+81 6", "japanese"),
]

# First names, last names; a name in another script comes with its spelling in addresses.
NAMES = {
    "nordic": (
        "Anna Erik Maja Lars Sofia Oskar Ingrid Nils Astrid Gustav Elin Magnus Freja Björn Åsa Søren Signe Aino Mikko Kaisa",
        "Andersson Johansson Lindqvist Berg Nyström Hansen Olsen Dahl Virtanen Korhonen Nielsen Jørgensen Sjöberg Holm Ek",
    ),
    "german": (
        "Lena Jonas Hannah Lukas Mia Felix Clara Maximilian Greta Jürgen Käthe Paul Emma Moritz Ida Sebastian",
        "Müller Schmidt Weber Wagner Becker Hoffmann Schäfer Koch Bauer Vogel Keller Huber Brunner Groß",
    ),
    "english": (
        "Grace Ada Oliver Amelia George Isla Harry Charlotte Noah Emily James Sophie Liam Olivia Ethan Maeve Siobhán",
        "Smith Jones Taylor Brown Wilson Evans Walker Wright Robinson O'Brien Murphy Clark Lewis Young King Hopper",
    ),
    "latin": (
        "Camille Léa Hugo Chloé Lucas Inés Mateo Lucía Beatriz João Mariana Rafael Élodie André Sofía Tomás",
        "Martin Bernard Dubois García Fernández López Silva Santos Oliveira Moreau Pérez Almeida Núñez Lefèvre",
    ),
    "japanese": (
        "陽葵:haruki 蓮:ren 美咲:misaki 翔太:shota 結衣:yui 大輔:daisuke 愛子:aiko 健:ken",
        "佐藤:sato 鈴木:suzuki 高橋:takahashi 田中:tanaka 伊藤:ito 渡辺:watanabe 山本:yamamoto 中村:nakamura",
    ),
}

COMPANY_FIRST = "Nord Blue Green Bright Harbour Summit River Stone Cedar Amber Silver Polar Quick Open Clear Maple".split()
COMPANY_SECOND = "works soft labs logic trade foods media health design energy press data craft mobility".split()
COMPANY_FORM = {"SE": "AB", "NO": "AS", "DK": "ApS", "FI": "Oy", "DE": "GmbH", "AT": "GmbH", "CH": "AG", "GB": "Ltd",
                "IE": "Ltd", "US": "Inc.", "CA": "Inc.", "AU": "Pty Ltd", "FR": "SARL", "ES": "S.L.", "PT": "Lda.",
                "BR": "Ltda.", "MX": "S.A.", "JP": "K.K."}
JOBS = ["Owner", "Head of Marketing", "Sales Manager", "Developer", "Product Manager", "CTO", "Designer", "Consultant",
        "Office Manager", "Head of Sales, EMEA", "Teacher", "Support Lead"]
SOURCES = ["Web form", "Referral", "Trade fair", "Webinar", "LinkedIn", "Cold call", "Partner"]
PLANS = ["free", "free", "free", "basic", "basic", "pro"]
PROVIDERS = ["mail.example", "post.example", "inbox.example"]
HEADER = ["First Name", "Last Name", "Email", "Phone", "Company", "Job Title", "City", "Country", "Language",
          "Time Zone", "Source", "Plan"]

LATIN = str.maketrans({"å": "a", "ä": "a", "ö": "o", "ø": "o", "ü": "u", "ß": "ss", "é": "e", "è": "e", "í": "i",
                       "ñ": "n", "á": "a", "ã": "a", "ú": "u", "ó": "o", "ç": "c", "'": "", " ": ""})


class Maker:
    def __init__(self, seed):
        # random() alone: its sequence is promised for a seed, that of choice() and shuffle() is not.
        self.random = random.Random(seed).random
        self.used = set()

    def below(self, count):
        return int(self.random() * count)

    def pick(self, things):
        return things[self.below(len(things))]

    def chance(self, per_thousand):
        return self.below(1000) < per_thousand

    def name(self, names):
        shown, _, spelt = self.pick(names.split()).partition(":")
        return shown, (spelt or shown).lower().translate(LATIN)

    def lead(self):
        city, country, language, zone, prefix, region = self.pick(PLACES)
        first, first_spelt = self.name(NAMES[region][0])
        last, last_spelt = self.name(NAMES[region][1])
        stem = self.pick(COMPANY_FIRST) + self.pick(COMPANY_SECOND)
        company = stem + " " + COMPANY_FORM[country]
        domain = stem.lower() + ".example" if self.chance(600) else self.pick(PROVIDERS)
        local = self.pick([first_spelt + "." + last_spelt, first_spelt[0] + last_spelt, last_spelt + "." + first_spelt])
        email = local + "@" + domain
        number = 1
        while email in self.used:
            number += 1
            email = "%s%d@%s" % (local, number, domain)
        self.used.add(email)
        phone = "%s %d%d%d %d%d %d%d" % ((prefix,) + tuple(self.below(10) for _ in range(7)))
        row = [first, last, email, phone, company, self.pick(JOBS), city, country, language, zone,
               self.pick(SOURCES), self.pick(PLANS)]
        for column in (0, 1, 3, 4, 5, 6, 8, 9):  # people leave out what they like
            if self.chance(60):
                row[column] = ""
        return self.untidy(row)

    def untidy(self, row):
        row = list(row)
        if self.chance(40):
            row[2] = row[2].upper()
        elif self.chance(40):
            row[2] = row[2].title()
        if self.chance(30):
            row[2] = "  " + row[2] + " "
        if self.chance(30):
            row[0] = row[0].upper()
        if self.chance(20):
            row[4] = row[4] + " "
        if self.chance(50):
            row[7] = row[7].lower()
        return row

    def again(self, earlier):
        """The same person on another day: the address in another spelling, something new, something left out."""
        row = list(earlier)
        row[2] = row[2].swapcase() if self.chance(500) else row[2].strip()
        row[5] = self.pick(JOBS)
        if self.chance(500):
            row[3] = ""
        row[10] = self.pick(SOURCES)
        return row

    def bad(self, row):
        """One thing that must not go in."""
        column, value = self.pick([(2, ""), (2, "none"), (2, "anna at mail.example"), (2, "@mail.example"),
                                   (2, "two@at@mail.example"), (7, "Atlantis"), (9, "Mars/Olympus"), (11, "platinum")])
        row = list(row)
        row[column] = value
        return row


def rows(count, seed):
    """`count` rows: of 1000 some 20 are people who were there before and 3 are bad."""
    maker = Maker(seed)
    good = []
    for _ in range(count):
        if good and maker.chance(20):
            yield maker.again(maker.pick(good))
        elif maker.chance(3):
            yield maker.bad(maker.lead())
        else:
            row = maker.lead()
            if len(good) < 1000:  # memory does not grow with the count
                good.append(row)
            else:
                good[maker.below(1000)] = row
            yield row


def main():
    arguments = argparse.ArgumentParser(description="Writes a CSV of made-up leads.")
    arguments.add_argument("--count", type=int, default=10000, help="how many rows (10000)")
    arguments.add_argument("--seed", type=int, default=1, help="the same seed gives the same file (1)")
    arguments.add_argument("--out", help="where to (standard output)")
    given = arguments.parse_args()
    if given.count < 0:
        arguments.error("--count: at least 0")
    out = open(given.out, "w", encoding="utf-8", newline="") if given.out else \
        io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")
    with out:
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(HEADER)
        for row in rows(given.count, given.seed):
            writer.writerow(row)


if __name__ == "__main__":
    main()
