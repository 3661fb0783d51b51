#include "hostile/naughty.h"

#include <fstream>
#include <stdexcept>

#include "support/arrow.h"
#include "support/paths.h"

namespace kith::test {

namespace {

const Caller table[] = {
    {"kith_open",
     [](Call& c) {
       kith_options options = {};
       options.size = sizeof options;
       options.flags = KITH_OPEN_READ_ONLY | KITH_OPEN_EXISTING;  // nothing is made
       kith_db* db = nullptr;
       kith_status status = kith_open(c.text("path", "/nowhere/a.kith"), &options, &db, &c.error);
       kith_close(db);
       return status;
     },
     true},
    {"kith_backup", [](Call& c) { return kith_backup(c.db, (std::string("/nowhere/") + c.text("path", "a.kith")).c_str(), &c.error); }, true},
    {"kith_schema", [](Call& c) { return kith_schema(c.db, c.text("topic", "kinds"), &c.rows, &c.error); }},
    {"kith_put", [](Call& c) { auto* f = c.fields("email", "new@example.com"); auto* w = c.with(); return kith_put(c.db, c.text("kind", "lead"), f, 1, w, c.with_count(), nullptr, nullptr, &c.error); }},
    {"kith_put_many", [](Call& c) { auto* f = c.fields("email", "new@example.com"); auto* w = c.with(); return kith_put_many(c.db, c.text("kind", "lead"), f, 1, 1, 0, w, c.with_count(), &c.rows, &c.error); }},
    {"kith_put_batch",
     [](Call& c) {
       const kith_field* field = c.fields("email", "new@example.com");
       Batch batch;
       batch.texts(field->name, {field->text});
       auto* w = c.with();
       return kith_put_batch(c.db, c.text("kind", "lead"), &batch.schema(), &batch.array(), 0, w, c.with_count(), &c.rows, &c.error);
     }},
    {"kith_put_stream",
     [](Call& c) {
       const kith_field* field = c.fields("email", "new@example.com");
       Batch batch;
       batch.texts(field->name, {field->text});
       BatchStream stream(batch);
       auto* w = c.with();
       return kith_put_stream(c.db, c.text("kind", "lead"), stream.c(), 0, w, c.with_count(), &c.rows, &c.error);
     }},
    {"kith_get", [](Call& c) { return kith_get(c.db, c.text("kind", "tag"), c.text("name", "VIP"), &c.rows, &c.error); }},
    {"kith_find", [](Call& c) { auto* q = c.query("first_name = ?", "x"); return kith_find(c.db, c.text("kind", "lead"), q, &c.rows, &c.error); }},
    {"kith_count", [](Call& c) { auto* q = c.query("not tag ?", "VIP"); return kith_count(c.db, c.text("kind", "lead"), q, &c.event, &c.error); }},
    {"kith_rename", [](Call& c) { auto* w = c.with(); return kith_rename(c.db, c.text("kind", "tag"), c.text("name", "VIP"), c.text("to", "Friends"), w, c.with_count(), &c.event, &c.error); }},
    {"kith_remove", [](Call& c) { auto* w = c.with(); return kith_remove(c.db, c.text("kind", "tag"), c.text("name", "VIP"), w, c.with_count(), &c.event, &c.error); }},
    {"kith_merge", [](Call& c) { auto* w = c.with(); return kith_merge(c.db, c.text("lead", "bob@example.com"), c.text("other", "gus@example.com"), w, c.with_count(), &c.event, &c.error); }},
    {"kith_unmerge", [](Call& c) { auto* w = c.with(); return kith_unmerge(c.db, 1, w, c.with_count(), &c.event, &c.error); }},
    {"kith_duplicates", [](Call& c) { return kith_duplicates(c.db, c.query("first_name = ?", "x"), &c.rows, &c.error); }},
    {"kith_search", [](Call& c) { return kith_search(c.db, c.text("text", "bob"), 0, &c.rows, &c.error); }},
    {"kith_erase", [](Call& c) { auto* w = c.with(); return kith_erase(c.db, c.text("lead", "bob@example.com"), w, c.with_count(), nullptr, &c.event, &c.error); }},
    {"kith_export_lead", [](Call& c) { return kith_export_lead(c.db, c.text("lead", "bob@example.com"), &c.rows, &c.error); }},
    {"kith_consent_proof", [](Call& c) { return kith_consent_proof(c.db, c.text("lead", "bob@example.com"), &c.rows, &c.error); }},
    {"kith_suppress", [](Call& c) { auto* w = c.with(); return kith_suppress(c.db, c.text("target", "x@example.com"), w, c.with_count(), &c.event, &c.error); }},
    {"kith_unsuppress", [](Call& c) { auto* w = c.with(); return kith_unsuppress(c.db, c.text("target", "@spam.example"), w, c.with_count(), &c.event, &c.error); }},
    {"kith_assign", [](Call& c) { auto* w = c.with(); return kith_assign(c.db, c.text("lead", "bob@example.com"), c.text("tag", "VIP"), w, c.with_count(), &c.event, &c.error); }},
    {"kith_unassign", [](Call& c) { auto* w = c.with(); return kith_unassign(c.db, c.text("lead", "bob@example.com"), c.text("tag", "Gold"), w, c.with_count(), &c.event, &c.error); }},
    {"kith_assign_where", [](Call& c) { auto* q = c.query("email = ?", "bob@example.com"); auto* w = c.with(); return kith_assign_where(c.db, q, c.text("tag", "VIP"), w, c.with_count(), nullptr, &c.error); }},
    {"kith_unassign_where", [](Call& c) { auto* q = c.query("email = ?", "bob@example.com"); auto* w = c.with(); return kith_unassign_where(c.db, q, c.text("tag", "Gold"), w, c.with_count(), nullptr, &c.error); }},
    {"kith_merge_tags", [](Call& c) { auto* w = c.with(); return kith_merge_tags(c.db, c.text("tag", "VIP"), c.text("other", "Gold"), w, c.with_count(), &c.event, &c.error); }},
    {"kith_subscribe", [](Call& c) { auto* w = c.with(); return kith_subscribe(c.db, c.text("lead", "gus@example.com"), c.text("list", "Twice"), w, c.with_count(), &c.event, &c.error); }},
    {"kith_unsubscribe", [](Call& c) { auto* w = c.with(); return kith_unsubscribe(c.db, c.text("lead", "bob@example.com"), c.text("list", "News"), w, c.with_count(), &c.event, &c.error); }},
    {"kith_subscribe_where", [](Call& c) { auto* q = c.query("email = ?", "gus@example.com"); auto* w = c.with(); return kith_subscribe_where(c.db, q, c.text("list", "Twice"), w, c.with_count(), nullptr, &c.error); }},
    {"kith_unsubscribe_where", [](Call& c) { auto* q = c.query("email = ?", "gus@example.com"); auto* w = c.with(); return kith_unsubscribe_where(c.db, q, c.text("list", "News"), w, c.with_count(), nullptr, &c.error); }},
    {"kith_report", [](Call& c) { auto* w = c.with(); return kith_report(c.db, c.text("lead", "gus@example.com"), c.text("list", "News"), c.text("what", "bounced"), w, c.with_count(), &c.event, &c.error); }},
    {"kith_pause", [](Call& c) { auto* w = c.with({kith_text("until", "2999-01-01")}); return kith_pause(c.db, c.text("lead", "gus@example.com"), c.text("list", "News"), w, c.with_count(), &c.event, &c.error); }},
    {"kith_resume", [](Call& c) { auto* w = c.with(); return kith_resume(c.db, c.text("lead", "gus@example.com"), c.text("list", "News"), w, c.with_count(), &c.event, &c.error); }},
    {"kith_sms_received", [](Call& c) { auto* w = c.with(); return kith_sms_received(c.db, c.text("phone", "+46 70 000 00 28"), c.text("text", "hello"), w, c.with_count(), &c.event, &c.error); }},
    {"kith_may_send", [](Call& c) { auto* w = c.with(); return kith_may_send(c.db, c.text("lead", "gus@example.com"), c.text("list", "News"), w, c.with_count(), &c.rows, &c.error); }},
    {"kith_token", [](Call& c) { auto* w = c.with(); return kith_token(c.db, c.text("lead", "gus@example.com"), c.text("purpose", "data"), w, c.with_count(), &c.rows, &c.error); }},
    {"kith_token_look", [](Call& c) { return kith_token_look(c.db, c.text("token", "x"), &c.rows, &c.error); }},
    {"kith_token_revoke", [](Call& c) { auto* w = c.with(); return kith_token_revoke(c.db, c.text("token", "id:1"), w, c.with_count(), &c.event, &c.error); }},
    {"kith_confirm", [](Call& c) { auto* w = c.with(); return kith_confirm(c.db, c.text("token", "x"), w, c.with_count(), &c.event, &c.error); }},
    {"kith_unsubscribe_by_token", [](Call& c) { auto* w = c.with(); return kith_unsubscribe_by_token(c.db, c.text("token", "x"), w, c.with_count(), &c.event, &c.error); }},
    {"kith_preferences", [](Call& c) { return kith_preferences(c.db, c.text("token", "x"), &c.rows, &c.error); }},
    {"kith_set_preferences", [](Call& c) { auto* f = c.fields("News", "1"); auto* w = c.with(); return kith_set_preferences(c.db, c.text("token", "x"), f, 1, w, c.with_count(), nullptr, &c.error); }},
    {"kith_my_data", [](Call& c) { return kith_my_data(c.db, c.text("token", "x"), &c.rows, &c.error); }},
    {"kith_record", [](Call& c) { auto* w = c.with(); return kith_record(c.db, c.text("lead", "bob@example.com"), c.text("kind", "shop.bought"), c.text("data", nullptr), w, c.with_count(), &c.event, &c.error); }},
    {"kith_record_many",
     [](Call& c) {
       const kith_field* tried = c.fields("subject", "cart");
       kith_field fields[] = {kith_text("lead", "bob@example.com"), kith_text("kind", "shop.bought"), *tried};
       auto* w = c.with();
       return kith_record_many(c.db, fields, 3, 1, 0, w, c.with_count(), &c.rows, &c.error);
     }},
    {"kith_timeline", [](Call& c) { auto* q = c.query("by = ?", "us"); return kith_timeline(c.db, c.text("lead", "bob@example.com"), q, &c.rows, &c.error); }},
    {"kith_sql", [](Call& c) { auto* f = c.fields("", "x"); return kith_sql(c.db, c.text("sql", "SELECT ?1"), f, 1, &c.rows, &c.error); }},
    {"kith_csv_open",
     [](Call& c) {
       kith_csv* csv = nullptr;
       auto* w = c.with();
       kith_status status = kith_csv_open((std::string("/nowhere/") + c.text("path", "a.csv")).c_str(), w, c.with_count(), &csv, &c.error);
       kith_csv_free(csv);
       return status;
     },
     true},
};

}  // namespace

std::string unescaped(const std::string& line) {
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '\\') {
      out += line[i];
    } else if (i + 1 < line.size() && line[i + 1] == '\\') {
      out += '\\';
      ++i;
    } else if (i + 3 < line.size() && line[i + 1] == 'x') {
      out += static_cast<char>(std::stoi(line.substr(i + 2, 2), nullptr, 16));
      i += 3;
    } else {
      throw std::runtime_error("naughty.txt: " + line);
    }
  }
  return out;
}

const std::vector<std::string>& naughty_texts() {
  static const std::vector<std::string> texts = [] {
    std::vector<std::string> out;
    std::ifstream file(path("hostile/naughty.txt"));
    for (std::string line; std::getline(file, line);) {
      if (line.empty() || line.rfind("# ", 0) == 0 || line.rfind("#! ", 0) == 0) continue;
      std::size_t times = 1;
      if (line.rfind("\\*", 0) == 0) {
        times = std::stoul(line.substr(2));
        line = line.substr(line.find(' ') + 1);
      }
      std::string one = unescaped(line);
      std::string all;
      for (std::size_t i = 0; i < times; ++i) all += one;
      out.push_back(std::move(all));
    }
    return out;
  }();
  return texts;
}

const kith_query* Call::query(const char* where, const char* arg) {
  for (const char* part : {"query.where", "query.columns", "query.sort", "query.after", "query.args"}) asked.insert(part);
  query_.size = sizeof query_;
  query_.limit = 10;
  arg_ = kith_text("", place_ == "query.args" ? naughty_ : arg);
  query_.where = place_ == "query.where" ? naughty_ : where;
  bool counted = place_ != "query.where" && arg != nullptr;
  query_.args = counted ? &arg_ : nullptr;
  query_.arg_count = counted ? 1 : 0;
  if (place_ == "query.columns") query_.columns = naughty_;
  if (place_ == "query.sort") query_.sort = naughty_;
  if (place_ == "query.after") query_.after = naughty_;
  return &query_;
}

const kith_field* Call::fields(const char* name, const char* value) {
  asked.insert("fields.name");
  asked.insert("fields.value");
  fields_[0] = kith_text(place_ == "fields.name" ? naughty_ : name, place_ == "fields.value" ? naughty_ : value);
  return fields_;
}

const kith_field* Call::with(std::initializer_list<kith_field> usual) {
  asked.insert("with");
  with_.assign(usual.begin(), usual.end());
  if (place_ == "with") with_.push_back(kith_text(naughty_, "1"));
  if (place_.rfind("with.", 0) == 0) {
    const char* extra = place_.c_str() + 5;
    bool replaced = false;
    for (kith_field& field : with_) {
      if (std::string(field.name) != extra) continue;
      field = kith_text(extra, naughty_);
      replaced = true;
    }
    if (!replaced) with_.push_back(kith_text(extra, naughty_));
  }
  return with_.data();
}

std::span<const Caller> callers() { return table; }

}  // namespace kith::test
