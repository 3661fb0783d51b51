// kith.hpp: Kith for C++20, a header over kith.h alone: handles that close themselves, exceptions, ranges.
//
//     #include <kith.hpp>
//
//     kith::Database shop("shop.kith");
//     shop.put("lead", {{"email", "ada@example.com"}, {"first_name", "Ada"}, {"country", "SE"}});
//     shop.transaction([&] {
//       kith::Fields order{{"key", "order-1017"}, {"by", "checkout"}};
//       shop.record("ada@example.com", "order.paid", R"({"total": 4900})", order);
//       shop.assign("ada@example.com", "Customer", order);
//     });
//     for (auto lead : shop.find("lead", {.where = "tag ? and country = ?", .args = {"Customer", "SE"}}))
//       std::cout << lead["email"].text() << ", score " << lead["score"].integer() << "\n";
//
// What each function does stands in kith.h under the same name with kith_ in front; here only what differs:
//
//   - A failure is thrown as kith::Error. Finding nothing is none.
//   - Text goes in as std::string_view and is copied; one with a NUL inside is INVALID.
//   - `with` and lists of fields are written {{"name", value}, ...}; a value is text, a number, a bool, a
//     time point of the system clock, nullptr or an std::optional of those.
//   - Outputs are what a function returns: the event's id, or a small struct where there are several.
//   - Tables are kith::Rows, shared by copying; a kith::Row keeps its table alive. What find, timeline and
//     duplicates answer is a kith::RowRange, which borrows the database and fetches page after page as you
//     walk.
//   - A kith::Database may be used from several threads, except for transactions: give each thread its own.
//
// Everything lies in an inline namespace, so that linking the static library mixes it with none of its
// inside.
#ifndef KITH_HPP
#define KITH_HPP

#include <kith/csv.hpp>
#include <kith/database.hpp>
#include <kith/error.hpp>
#include <kith/rows.hpp>
#include <kith/transaction.hpp>
#include <kith/value.hpp>

#endif
