// The loop of an import: read a batch, put it, count what became of it.
#include "importer.h"

#include <nlohmann/json.hpp>

#include "session.h"

namespace kith_cli {
namespace {

constexpr int64_t batch_rows = 10'000;

// The fields of a lead that may be written.
std::vector<std::string> lead_fields(kith::Database& db) {
  std::vector<std::string> names;
  for (const kith::Row field : db.schema("fields"))
    if (field["kind"].view() == "lead" && field["writable"].boolean()) names.push_back(field["field"].text());
  return names;
}

// The cells of a row beyond the last column, without the empty ones at its end: many files end their lines with
// separators. `more` is a JSON array of texts.
std::vector<std::string> surplus_cells(std::string_view more) {
  if (more.empty()) return {};
  auto cells = nlohmann::json::parse(more).get<std::vector<std::string>>();
  while (!cells.empty() && cells.back().empty()) cells.pop_back();
  return cells;
}

// Then a separator stood in a cell, and what follows it is in the wrong columns: nothing of the row can be trusted.
Reject too_many(int64_t line, size_t columns, const std::vector<std::string>& surplus) {
  Reject why{line, {}, {}, {}};
  for (const std::string& cell : surplus) why.value += (why.value.empty() ? "" : ", ") + cell;
  why.reason = "the row has " + std::to_string(columns + surplus.size()) + " cells and the file " +
               counted(static_cast<int64_t>(columns), "column", "columns") +
               ", so some stand in the wrong one; a cell that holds a separator needs quotes";
  return why;
}

}  // namespace

Importer::Importer(kith::Database& db, Settings settings)
    : db_(db),
      settings_(std::move(settings)),
      csv_(settings_.path, settings_.reading),
      first_(csv_.read(batch_rows)) {
  // The first column is `line`; the last may be `more`, for cells that are too many.
  for (int32_t column = 1; column < first_->width(); ++column) columns_.emplace_back(first_->name(column));
  if (!columns_.empty() && columns_.back() == "more") columns_.pop_back();
  if (columns_.empty() && first_->empty()) throw Failed(settings_.path + " is empty");
  for (const auto& extra : settings_.with) {
    if (extra.name == "create_only") only_new_ = true;
    if (extra.name != "list") continue;
    const auto list = db_.get("list", extra.value.c("list").text);
    if (list) counts_.lists.push_back({(*list)["name"].text(), 0, {}});
  }
  mapping_ = map_columns(columns_, lead_fields(db_), settings_.map);
  for (const auto& field : mapping_.fields)
    if (field == "email" || field == "external_id" || field == "id") return;
  throw Usage("no column of " + settings_.path +
              " says who a lead is: --map \"COLUMN=email\" does (or external_id, id)");
}

bool Importer::step(const OnReject& on_reject) {
  const kith::Rows batch = first_ ? *first_ : csv_.read(batch_rows);
  first_.reset();
  if (batch.empty()) return false;
  put(batch, on_reject);
  return true;
}

void Importer::put(const kith::Rows& batch, const OnReject& on_reject) {
  std::vector<std::pair<int32_t, const char*>>
      taken;  // a column of the batch, and the field that it goes into
  for (size_t i = 0; i < mapping_.fields.size(); ++i)
    if (mapping_.fields[i]) taken.emplace_back(static_cast<int32_t>(i) + 1, mapping_.fields[i]->c_str());
  std::vector<kith_field> fields;
  fields.reserve(taken.size() * static_cast<size_t>(batch.size()));
  const int32_t more = batch.column("more");
  std::vector<std::vector<std::string>> surplus;  // of each row
  for (const kith::Row row : batch) {
    surplus.push_back(surplus_cells(row[more].view()));
    if (!surplus.back().empty()) continue;
    for (const auto& [column, field] : taken) {
      const std::string_view text = row[column].view();
      fields.push_back(kith_text(field, text.empty() ? nullptr : text.data()));
    }
  }
  kith::Rows results;
  if (!fields.empty()) results = db_.put_many("lead", fields, taken.size(), KITH_SKIP_BAD, settings_.with);
  int64_t result = 0;
  for (const kith::Row row : batch) {
    ++counts_.rows;
    if (const auto& cells = surplus[static_cast<size_t>(row.index())]; !cells.empty())
      reject(row, too_many(row["line"].integer(), columns_.size(), cells), on_reject);
    else
      count(row, results[result++], on_reject);
  }
}

// {"News":"suppressed"}: the lists that did not take the lead.
void Importer::count_lists(const kith::Row& result) {
  const bool left_alone = result["id"].is_null() || (only_new_ && result["outcome"].integer() != KITH_CREATED);
  if (left_alone || counts_.lists.empty()) return;
  const auto refused = result["refused"].is_null() ? nlohmann::json::object() : nlohmann::json::parse(result["refused"].view());
  for (ListCount& list : counts_.lists) {
    if (const auto why = refused.find(list.name); why != refused.end())
      ++list.refused[why->get<std::string>()];
    else
      ++list.on;
  }
}

void Importer::count(const kith::Row& row, const kith::Row& result, const OnReject& on_reject) {
  if (result["outcome"].integer() != KITH_FAILED) count_lists(result);
  switch (result["outcome"].integer()) {
    case KITH_CREATED:
      ++counts_.created;
      return;
    case KITH_UPDATED:
      ++counts_.updated;
      return;
    case KITH_UNCHANGED:
      ++counts_.unchanged;
      return;
    default:
      break;
  }
  Reject why{row["line"].integer(), result["field"].text(), {}, result["message"].text()};
  if (why.reason.starts_with(why.field + ": ")) why.reason.erase(0, why.field.size() + 2);
  for (size_t column = 0; column < columns_.size(); ++column)
    if (mapping_.fields[column] == why.field) why.value = row[column + 1].text();
  reject(row, std::move(why), on_reject);
}

void Importer::reject(const kith::Row& row, Reject why, const OnReject& on_reject) {
  ++counts_.rejected;
  std::vector<std::string> cells;
  for (size_t column = 0; column < columns_.size(); ++column) cells.push_back(row[column + 1].text());
  on_reject(why, cells);
}

}  // namespace kith_cli
