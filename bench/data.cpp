#include "data.h"

#include <cstdint>
#include <cstdio>

namespace {

std::uint64_t mixed(std::uint64_t x) {  // splitmix64's finish
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

const char *const first_names[] = {"Ada", "Björn", "Chloé", "Dmitri", "Elif", "Farid", "Grace", "Hana", "Ivo", "Jaime", "Kofi", "Lena", "Mei", "Noor", "Olga", "Pablo"};
const char *const last_names[] = {"Andersson", "Brown", "Chen", "Dubois", "Eriksen", "Fischer", "García", "Hughes", "Ivanova", "Jansen", "Kowalski", "Lindqvist", "Müller", "Nguyen", "Okafor", "Petrov"};
const char *const companies[] = {"Acme AB", "Blue Yonder", "Cobalt Works", "Delta Foods", "Everstone", "Fjord Data", "Granite & Co", "Harbour Ltd"};
const char *const cities[] = {"Stockholm", "London", "Paris", "Oslo", "Istanbul", "Berlin", "Boston", "Osaka"};
const char *const countries[] = {"SE", "GB", "FR", "NO", "TR", "DE", "US", "JP"};
const char *const languages[] = {"sv", "en-GB", "fr", "nb", "tr", "de", "en-US", "ja"};

}  // namespace

const char *const person_field_names[person_fields] = {"email", "external_id", "first_name", "last_name", "company", "city", "country", "language", "phone", "source"};
const char *const event_kinds[4] = {"shop.viewed", "shop.cart_left", "mail.opened", "order.paid"};

void make_person(std::int64_t number, person_buffer *buffer, const char *fields[person_fields]) {
  std::uint64_t x = mixed(static_cast<std::uint64_t>(number));
  const char *first = first_names[x & 15];
  const char *last = last_names[x >> 4 & 15];
  std::uint64_t place = x >> 8 & 7;
  // Addresses begin with what is random, as those of real people do to an index.
  std::snprintf(buffer->text[0], 64, "%c%c%c.%c%05llx%lld@example%llu.com", 'a' + static_cast<int>(x % 26), 'a' + static_cast<int>(x / 26 % 26), 'a' + static_cast<int>(x / 676 % 26),
                'a' + static_cast<int>(x / 17576 % 26), static_cast<unsigned long long>(x >> 40 & 0xfffff), static_cast<long long>(number), static_cast<unsigned long long>(x >> 32 & 15));
  std::snprintf(buffer->text[1], 64, "C-%08llu", static_cast<unsigned long long>(mixed(static_cast<std::uint64_t>(number) + 77) % 100000000U));
  std::snprintf(buffer->text[8], 64, "+46 70 %03d %02d %02d", static_cast<int>(x >> 12 & 511), static_cast<int>(x >> 21 & 63), static_cast<int>(x >> 27 & 63));
  fields[0] = buffer->text[0];
  fields[1] = number % 4 == 0 ? buffer->text[1] : nullptr;
  if (fields[1] != nullptr) std::snprintf(buffer->text[1], 64, "C-%llu", static_cast<unsigned long long>(mixed(static_cast<std::uint64_t>(number) + 77)));
  fields[2] = first;
  fields[3] = last;
  fields[4] = (x >> 11 & 3) == 0 ? companies[x >> 13 & 7] : nullptr;
  fields[5] = cities[place];
  fields[6] = countries[place];
  fields[7] = languages[place];
  fields[8] = (x >> 16 & 1) == 0 ? buffer->text[8] : nullptr;
  fields[9] = "import";
}

std::int64_t event_person(std::int64_t number, std::int64_t people) {
  std::uint64_t x = mixed(static_cast<std::uint64_t>(number) * 2 + 1);
  std::uint64_t busy = static_cast<std::uint64_t>(people) / 5 + 1;
  std::uint64_t of = x % 5 != 0 ? busy : static_cast<std::uint64_t>(people);
  double part = static_cast<double>(x >> 11) / 9007199254740992.0;
  return static_cast<std::int64_t>(static_cast<double>(of) * (x % 5 != 0 ? part * part : part));
}

const char *event_data(std::int64_t number, char buffer[128]) {
  std::uint64_t x = mixed(static_cast<std::uint64_t>(number) + 991);
  if (x % 4 == 0) return nullptr;
  std::snprintf(buffer, 128, "{\"page\":\"/products/%llu\",\"total\":%llu,\"currency\":\"SEK\"}", static_cast<unsigned long long>(x % 5000), static_cast<unsigned long long>(x >> 20 & 0xffff));
  return buffer;
}
