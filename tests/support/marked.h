// A lead with a mark wherever a host can put a text about somebody, by every verb of the C interface.
#pragma once

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "kith.h"
#include "support/canaries.h"
#include "support/handle.h"

namespace kith::test {

// Fields that live as long as the call.
class Fields {
 public:
  Fields& text(const char* name, const std::string& value) {
    texts_.push_back(std::make_unique<std::string>(value));
    fields_.push_back(kith_text(name, texts_.back()->c_str()));
    return *this;
  }
  Fields& integer(const char* name, std::int64_t value) {
    fields_.push_back(kith_integer(name, value));
    return *this;
  }
  const kith_field* data() const { return fields_.data(); }
  std::size_t size() const { return fields_.size(); }

 private:
  std::vector<kith_field> fields_;
  std::vector<std::unique_ptr<std::string>> texts_;
};

// Fails the test with what was said.
#define OK(call)                                       \
  do {                                                 \
    kith_error* error_ = nullptr;                      \
    auto err = &error_;                                \
    kith_status status_ = (call);                      \
    std::string said_ = kith::test::said(error_);      \
    INFO(said_);                                       \
    REQUIRE(status_ == KITH_OK);                       \
  } while (0)

// One lead with a mark wherever a host can put a text about her.
struct Marked {
  explicit Marked(const std::string& prefix) : canaries(prefix), keys(prefix + "k") {}

  Canaries canaries;  // what is hers
  Canaries keys;      // of the host's writes about her
  std::string email, other, phone;

  void put(kith_db* db, const std::string& host, const std::string& digits = "99123456") {
    auto word = [&] { return canaries.word(); };
    email = word() + "." + word() + "@" + host;
    phone = canaries.add("+46 " + digits + "01");
    canaries.add("46" + digits + "01");
    canaries.add("1931-07-19");
    canaries.add("203.0.113.77");
    canaries.add("203.0.113.78");
    Fields lead;
    lead.text("email", email).text("external_id", word()).text("phone", phone).text("phone2", canaries.add("+46 " + digits + "02"));
    for (const char* name : {"first_name", "middle_name", "last_name", "company", "job_title", "address1", "address2", "city", "region", "postcode",
                             "facebook", "x", "linkedin", "instagram", "source", "referrer", "owner"}) {
      lead.text(name, word());
    }
    lead.text("website", "https://" + word() + ".example/").text("picture", "https://" + word() + ".example/a.png");
    lead.text("birth_date", "1931-07-19").text("ip", "203.0.113.77").text("custom_text", word()).text("custom_more", word());
    OK(kith_put(db, "lead", lead.data(), lead.size(), Fields().text("ip", "203.0.113.78").text("key", keys.word()).text("by", email).data(), 3, &id,
                nullptr, err));
    const char* who = email.c_str();
    Fields again;  // what was there before is in the log
    again.text("email", email).text("city", word()).text("last_name", word()).text("custom_text", word());
    OK(kith_put(db, "lead", again.data(), again.size(), nullptr, 0, nullptr, nullptr, err));
    other = word() + "@" + host;
    std::string gone = word() + "@" + host;
    for (const std::string& address : {other, gone}) {
      Fields fields;
      fields.text("lead", email).text("email", address);
      OK(kith_put(db, "address", fields.data(), fields.size(), nullptr, 0, nullptr, nullptr, err));
    }
    OK(kith_remove(db, "address", gone.c_str(), Fields().text("key", keys.word()).data(), 1, nullptr, err));
    Fields note;
    note.text("lead", email).text("text", word() + std::string(9000, 'n') + word()).text("author", word());
    std::int64_t note_id = 0;
    OK(kith_put(db, "note", note.data(), note.size(), nullptr, 0, &note_id, nullptr, err));
    OK(kith_put(db, "note", note.data(), note.size(), nullptr, 0, nullptr, nullptr, err));
    Fields edited;
    edited.integer("id", note_id).text("text", word());
    OK(kith_put(db, "note", edited.data(), edited.size(), nullptr, 0, nullptr, nullptr, err));
    OK(kith_remove(db, "note", ("id:" + std::to_string(note_id + 1)).c_str(), nullptr, 0, nullptr, err));
    OK(kith_assign(db, who, "VIP", Fields().text("by", email).text("ip", "203.0.113.78").text("key", keys.word()).data(), 3, nullptr, err));
    OK(kith_subscribe(db, who, "News", Fields().text("consent", word()).text("ip", "203.0.113.78").data(), 2, nullptr, err));
    OK(kith_report(db, who, "News", "bounced", Fields().text("bounce", "soft").text("code", word()).data(), 2, nullptr, err));
    OK(kith_pause(db, who, "News", Fields().text("until", "2999-01-01T00:00:00Z").text("reason", word()).data(), 2, nullptr, err));
    OK(kith_unsubscribe(db, who, "News", Fields().text("reason", word()).data(), 1, nullptr, err));
    kith_rows* link = nullptr;
    OK(kith_token(db, who, "preferences", nullptr, 0, &link, err));
    const char* page = kith_rows_text(link, 0, 0);
    OK(kith_set_preferences(db, page, Fields().integer("News", 1).data(), 1, Fields().text("consent", word()).text("by", email).data(), 2, nullptr, err));
    OK(kith_set_preferences(db, page, Fields().integer("News", 0).data(), 1, Fields().text("reason", word()).data(), 1, nullptr, err));
    kith_rows_free(link);
    Fields back;  // a put that also subscribes
    back.text("email", email);
    OK(kith_put(db, "lead", back.data(), back.size(), Fields().text("list", "News").text("consent", word()).data(), 2, nullptr, nullptr, err));
    OK(kith_token(db, who, "unsubscribe", Fields().text("list", "News").data(), 1, &link, err));
    OK(kith_unsubscribe_by_token(db, kith_rows_text(link, 0, 0), Fields().text("reason", word()).data(), 1, nullptr, err));
    kith_rows_free(link);
    OK(kith_suppress(db, other.c_str(), Fields().text("note", word()).text("key", keys.word()).data(), 2, nullptr, err));
    OK(kith_suppress(db, ("tel:" + phone).c_str(), Fields().text("note", word()).data(), 1, nullptr, err));
    OK(kith_sms_received(db, phone.c_str(), ("please " + word()).c_str(), Fields().text("key", keys.word()).data(), 1, nullptr, err));
    OK(kith_record(db, who, "shop.bought", ("{\"what\":\"" + word() + "\"}").c_str(), Fields().text("subject", word()).text("key", keys.word()).data(), 2,
                   nullptr, err));
    kith_rows* token = nullptr;
    OK(kith_token(db, who, "data", nullptr, 0, &token, err));
    OK(kith_token_revoke(db, kith_rows_text(token, 0, 0), Fields().text("key", keys.word()).data(), 1, nullptr, err));
    kith_rows_free(token);
  }
  std::int64_t id = 0;
};

inline void make_definitions(kith_db* db) {
  for (const char* key : {"custom_text", "custom_more"}) {
    Fields field;
    field.text("key", key).text("type", "text").integer("indexed", 1);
    OK(kith_put(db, "field", field.data(), field.size(), nullptr, 0, nullptr, nullptr, err));
  }
  for (const char* kind : {"tag", "list"}) {
    Fields named;
    named.text("name", *kind == 't' ? "VIP" : "News");
    OK(kith_put(db, kind, named.data(), named.size(), nullptr, 0, nullptr, nullptr, err));
  }
}

}  // namespace kith::test
