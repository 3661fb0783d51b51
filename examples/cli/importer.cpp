// The loop of an import: read a batch, put it, count what became of it.
#include "importer.h"

#include "session.h"

namespace kith_cli {
namespace {

constexpr int64_t batch_rows = 10'000;

// The fields of a lead that may be written.
std::vector<std::string> lead_fields(kith_db *db) {
  Rows rows;
  Check check;
  check(kith_schema(db, "fields", rows.out(), check));
  std::vector<std::string> out;
  for (int64_t row = 0; row < rows.count(); ++row)
    if (rows.text(row, "kind") == "lead" && rows.integer(row, "writable") != 0)
      out.push_back(rows.text(row, "field"));
  return out;
}

}  // namespace

Importer::Importer(kith_db *db, Settings settings) : db_(db), settings_(std::move(settings)) {
  kith_csv *opened = nullptr;
  Check check;
  check(kith_csv_open(settings_.path.c_str(), settings_.reading.data(), settings_.reading.size(), &opened, check));
  csv_.reset(opened);
  pending_ = read();
  // The first column is `line`; the last may be `more`, which no field is like.
  for (int32_t column = 1; column < pending_.width(); ++column)
    columns_.push_back(kith_rows_name(pending_.get(), column));
  const std::vector<std::string> fields = lead_fields(db_);
  if (!columns_.empty() && columns_.back() == "more" && kith_rows_column(pending_.get(), "more") == pending_.width() - 1)
    columns_.pop_back();
  mapping_ = map_columns(columns_, fields, settings_.map);
}

Rows Importer::read() {
  Rows rows;
  Check check;
  check(kith_csv_read(csv_.get(), batch_rows, rows.out(), check));
  return rows;
}

double Importer::progress() const { return kith_csv_progress(csv_.get()); }

bool Importer::step(const OnReject &on_reject) {
  const Rows batch = begun_ ? read() : std::move(pending_);
  begun_ = true;
  if (batch.count() == 0) return false;
  put(batch, on_reject);
  return true;
}

void Importer::put(const Rows &batch, const OnReject &on_reject) {
  std::vector<kith_field> fields;
  std::vector<int32_t> sources;
  for (size_t i = 0; i < mapping_.fields.size(); ++i)
    if (mapping_.fields[i]) sources.push_back(static_cast<int32_t>(i) + 1);
  const size_t width = sources.size();
  fields.reserve(width * static_cast<size_t>(batch.count()));
  for (int64_t row = 0; row < batch.count(); ++row) {
    for (const int32_t source : sources) {
      const char *name = mapping_.fields[static_cast<size_t>(source) - 1]->c_str();
      const bool filled = kith_rows_size(batch.get(), row, source) > 0;
      fields.push_back(kith_text(name, filled ? kith_rows_text(batch.get(), row, source) : nullptr));
    }
  }
  Rows results;
  Check check;
  check(kith_put_many(db_, "lead", fields.data(), width, static_cast<size_t>(batch.count()), KITH_SKIP_BAD, settings_.with.data(),
                      settings_.with.size(), results.out(), check));
  count(batch, results, on_reject);
}

void Importer::count(const Rows &batch, const Rows &results, const OnReject &on_reject) {
  for (int64_t row = 0; row < batch.count(); ++row) {
    ++counts_.rows;
    switch (results.integer(row, "outcome")) {
      case KITH_CREATED: ++counts_.created; continue;
      case KITH_UPDATED: ++counts_.updated; continue;
      case KITH_UNCHANGED: ++counts_.unchanged; continue;
      default: break;
    }
    ++counts_.rejected;
    Reject reject;
    reject.line = batch.integer(row, "line");
    reject.field = results.text(row, "field");
    reject.reason = results.text(row, "message");
    std::vector<std::string> cells;
    for (size_t column = 0; column < columns_.size(); ++column) {
      cells.push_back(batch.text(row, static_cast<int32_t>(column) + 1));
      if (mapping_.fields[column] == reject.field) reject.value = cells.back();
    }
    on_reject(reject, cells);
  }
}

}  // namespace kith_cli
