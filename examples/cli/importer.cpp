// The loop of an import: read a batch, put it, count what became of it.
#include "importer.h"

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

}  // namespace

Importer::Importer(kith::Database& db, Settings settings)
    : db_(db),
      settings_(std::move(settings)),
      csv_(settings_.path, settings_.reading),
      first_(csv_.read(batch_rows)) {
  // The first column is `line`; the last may be `more`, for cells that are too many.
  for (int32_t column = 1; column < first_->width(); ++column) columns_.emplace_back(first_->name(column));
  if (!columns_.empty() && columns_.back() == "more") columns_.pop_back();
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
  for (int64_t row = 0; row < batch.size(); ++row) {
    for (const auto& [column, field] : taken) {
      const std::string_view text = kith::Cell(batch.c(), row, column).view();
      fields.push_back(kith_text(field, text.empty() ? nullptr : text.data()));
    }
  }
  count(batch, db_.put_many("lead", fields, taken.size(), KITH_SKIP_BAD, settings_.with), on_reject);
}

void Importer::count(const kith::Rows& batch, const kith::Rows& results, const OnReject& on_reject) {
  for (const kith::Row result : results) {
    ++counts_.rows;
    switch (result["outcome"].integer()) {
      case KITH_CREATED:
        ++counts_.created;
        continue;
      case KITH_UPDATED:
        ++counts_.updated;
        continue;
      case KITH_UNCHANGED:
        ++counts_.unchanged;
        continue;
      default:
        break;
    }
    ++counts_.rejected;
    const kith::Row row = batch[result.index()];
    Reject reject{row["line"].integer(), result["field"].text(), {}, result["message"].text()};
    if (reject.reason.starts_with(reject.field + ": ")) reject.reason.erase(0, reject.field.size() + 2);
    std::vector<std::string> cells;
    for (size_t column = 0; column < columns_.size(); ++column) {
      cells.push_back(row[column + 1].text());
      if (mapping_.fields[column] == reject.field) reject.value = cells.back();
    }
    on_reject(reject, cells);
  }
}

}  // namespace kith_cli
