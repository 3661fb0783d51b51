// The people of the benchmarks: the same rows for both sides, addresses in random order as real ones are to an index.
'use strict';

const firsts = ['Ada', 'Björn', 'Chloé', 'Dmitri', 'Elif', 'Farid', 'Grace', 'Hana', 'Ivo', 'Jaime', 'Kofi', 'Lena', 'Mei', 'Noor', 'Olga', 'Pablo'];
const lasts = ['Andersson', 'Brown', 'Chen', 'Dubois', 'Eriksen', 'Fischer', 'García', 'Hughes', 'Ivanova', 'Jansen', 'Kowalski', 'Lindqvist'];
const companies = ['Acme AB', 'Blue Yonder', 'Cobalt Works', 'Delta Foods', 'Everstone', 'Fjord Data', 'Granite & Co', 'Harbour Ltd'];
const cities = ['Stockholm', 'London', 'Paris', 'Oslo', 'Istanbul', 'Berlin', 'Boston', 'Osaka'];
const countries = ['SE', 'GB', 'FR', 'NO', 'TR', 'DE', 'US', 'JP'];
const languages = ['sv', 'en-GB', 'fr', 'nb', 'tr', 'de', 'en-US', 'ja'];

function mixed(number) {
  let x = (number + 0x9e3779b9) >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b) >>> 0;
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35) >>> 0;
  return (x ^ (x >>> 16)) >>> 0;
}

function person(number) {
  const x = mixed(number);
  const place = (x >>> 8) & 7;
  return {
    email: `${String.fromCharCode(97 + (x % 26), 97 + ((x >>> 5) % 26))}.${x.toString(36)}${number}@example${x & 15}.com`,
    externalId: number % 4 === 0 ? `C-${mixed(number + 77)}-${number}` : null,
    firstName: firsts[x & 15],
    lastName: lasts[(x >>> 4) % lasts.length],
    company: ((x >>> 11) & 3) === 0 ? companies[(x >>> 13) & 7] : null,
    city: cities[place],
    country: countries[place],
    language: languages[place],
    phone: (x >>> 16) & 1 ? `+46 70 ${100 + ((x >>> 12) & 511)} ${10 + ((x >>> 21) & 63)} ${10 + ((x >>> 27) & 31)}` : null,
    source: 'import',
  };
}

module.exports = { people: (count) => Array.from({ length: count }, (_, number) => person(number)) };
