#include "domain/sms.h"

#include "base/checks.h"
#include "base/failure.h"
#include "base/json.h"
#include "base/text.h"
#include "domain/suppression.h"

namespace kith {

namespace {

constexpr std::size_t longest_sms = 5000;

struct WordRow {
  std::string_view word;
  SmsWord means;
};
// Folded. "Yes" is not among them: it answers too many other questions.
constexpr WordRow words[] = {
    {"stop", SmsWord::stop},       {"stop all", SmsWord::stop},  {"stopall", SmsWord::stop},     {"stop sms", SmsWord::stop},
    {"please stop", SmsWord::stop}, {"unsubscribe", SmsWord::stop}, {"unsubscribe me", SmsWord::stop}, {"cancel", SmsWord::stop},
    {"end", SmsWord::stop},        {"quit", SmsWord::stop},      {"optout", SmsWord::stop},      {"opt out", SmsWord::stop},
    {"opt-out", SmsWord::stop},    {"revoke", SmsWord::stop},    {"stopp", SmsWord::stop},       {"sluta", SmsWord::stop},
    {"avsluta", SmsWord::stop},    {"stoppa", SmsWord::stop},    {"arret", SmsWord::stop},       {"arrêt", SmsWord::stop},
    {"alto", SmsWord::stop},       {"baja", SmsWord::stop},      {"parar", SmsWord::stop},       {"sair", SmsWord::stop},
    {"abmelden", SmsWord::stop},   {"afmelden", SmsWord::stop},  {"start", SmsWord::start},      {"unstop", SmsWord::start},
    {"start sms", SmsWord::start}, {"opt in", SmsWord::start},   {"optin", SmsWord::start},      {"opt-in", SmsWord::start},
};

bool is_decoration(char c) { return std::string_view(".!,;:\"'()*?").find(c) != std::string_view::npos; }

}  // namespace

SmsWord sms_word(std::string_view text) {
  if (text.size() > 100) return SmsWord::other;
  std::string key = fold(text);
  std::size_t from = 0;
  std::size_t to = key.size();
  while (from < to && (is_decoration(key[from]) || key[from] == ' ')) ++from;
  while (to > from && (is_decoration(key[to - 1]) || key[to - 1] == ' ')) --to;
  std::string_view word = std::string_view(key).substr(from, to - from);
  for (const WordRow& row : words) {
    if (row.word == word) return row.means;
  }
  return SmsWord::other;
}

std::int64_t receive_sms(Operation& op, std::string_view phone, std::string_view text) {
  if (code_points(text) > longest_sms) fail(Status::limit, "text", "has {} characters; at most {} are taken", code_points(text), longest_sms);
  SuppressionTarget target = phone_target(phone_key(checked_phone(phone, "phone")));
  SmsWord word = sms_word(text);
  std::string_view named = word == SmsWord::stop ? "stop" : word == SmsWord::start ? "start" : "other";
  std::vector<std::int64_t> leads = leads_with(op, target);
  std::int64_t first = 0;
  if (leads.empty()) {
    // What a stranger wrote is nobody's, so no erasure would find it: it is not kept.
    std::string data = "{\"word\":";
    append_json_text(data, named);
    first = op.events.record(EventKind::sms_received, 0, 0, data + "}");
  }
  for (std::int64_t lead : leads) {
    std::string data = "{\"word\":";
    append_json_text(data, named);
    data += ",\"text\":";
    append_json_text(data, text);
    std::int64_t event = op.events.record(EventKind::sms_received, lead, 0, data + "}");
    if (first == 0) first = event;
  }
  if (word == SmsWord::stop) suppress(op, target, {.reason = "stop", .channel = "sms", .cause = first});
  if (word == SmsWord::start) unsuppress(op, target, "stop", "sms", first);
  return first;
}

}  // namespace kith
