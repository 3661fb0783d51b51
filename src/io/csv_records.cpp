#include "io/csv_records.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "base/failure.h"
#include "base/text.h"

namespace kith {

namespace {

constexpr std::size_t block_bytes = 64 * 1024;
constexpr std::size_t look_ahead = 1024 * 1024;  // what the encoding is told from
constexpr int records_for_delimiter = 20;

// True when every byte is 1 to 127. Eight at a time; what it doubts is looked at closely by the caller.
bool plain(std::string_view text) {
  constexpr std::uint64_t ones = 0x0101010101010101U;
  constexpr std::uint64_t highs = 0x8080808080808080U;
  std::uint64_t doubt = 0;
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, 8);
    doubt |= (word - ones) | word;
  }
  for (; at < text.size(); ++at) {
    auto byte = static_cast<unsigned char>(text[at]);
    if (byte == 0 || byte >= 0x80) return false;
  }
  return (doubt & highs) == 0;
}

std::string line_name(std::int64_t line) { return "line " + std::to_string(line); }

}  // namespace

CsvRecords::CsvRecords(const std::string& path, const CsvSettings& settings)
    : path_(path), decoder_(TextEncoding::utf8) {
  std::error_code unknown;
  if (std::filesystem::is_directory(path, unknown)) fail(Status::io, "path", "{} is a folder", shown(path, 200));
  file_.reset(std::fopen(path.c_str(), "rb"));
  if (file_ == nullptr) {
    if (errno == ENOENT) fail(Status::not_found, "path", "there is no file {}", shown(path, 200));
    fail_to_read();
  }
  std::setvbuf(file_.get(), nullptr, _IONBF, 0);
  auto size = std::filesystem::file_size(path, unknown);
  if (!unknown) file_size_ = static_cast<std::int64_t>(size);

  std::string start(look_ahead, '\0');
  std::size_t got = std::fread(start.data(), 1, start.size(), file_.get());
  if (std::ferror(file_.get()) != 0) fail_to_read();
  at_end_ = got < start.size();
  start.resize(got);
  bytes_read_ = static_cast<std::int64_t>(got);
  FoundEncoding found{settings.encoding, byte_order_mark(settings.encoding, start)};
  if (!settings.encoding_given) found = find_encoding(start, at_end_);
  decoder_ = Decoder(found.encoding);
  decoder_.decode(std::string_view(start).substr(found.mark), at_end_, text_);

  if (settings.delimiter != 0) {
    set_delimiter(settings.delimiter);
  } else {
    find_delimiter();
  }
}

void CsvRecords::fail_to_read() const {
  fail(Status::io, "path", "{} cannot be read: {}", shown(path_, 200), std::generic_category().message(errno));
}

void CsvRecords::set_delimiter(char delimiter) {
  delimiter_ = delimiter;
  std::fill(std::begin(stops_), std::end(stops_), false);
  for (char stop : {delimiter, '\n', '\r'}) stops_[static_cast<unsigned char>(stop)] = true;
}

double CsvRecords::progress() const {
  if (at_end_ && at_ >= text_.size()) return 1;
  if (file_size_ <= 0) return 0;
  double done = static_cast<double>(bytes_read_) - static_cast<double>(text_.size() - next_);
  return std::clamp(done / static_cast<double>(file_size_), 0.0, 1.0);
}

void CsvRecords::fill(std::size_t wanted) {
  // What has been taken makes room first.
  text_.erase(0, at_);
  next_ -= std::min(next_, at_);
  at_ = 0;
  block_.resize(wanted);
  std::size_t got = std::fread(block_.data(), 1, wanted, file_.get());
  if (std::ferror(file_.get()) != 0) fail_to_read();
  at_end_ = got < wanted;
  bytes_read_ += static_cast<std::int64_t>(got);
  decoder_.decode(std::string_view(block_).substr(0, got), at_end_, text_);
}

bool CsvRecords::next() {
  at_ = next_;
  line_ = next_line_;
  pass_over_blank_lines();
  if (at_ >= text_.size()) return false;
  Scan state = scan();
  while (state != Scan::whole) {
    std::size_t held = text_.size() - at_;
    if (held > most_row_bytes) {
      fail(Status::limit, line_name(line_), "the row that begins here has more than 16 MB: {}",
           state == Scan::unclosed ? "is a quote not closed?" : "is this text with lines?");
    }
    if (at_end_) {
      fail(Status::invalid, line_name(line_), "a quote in the row that begins here is never closed");
    }
    fill(std::max(block_bytes, held));  // more each time, so that a long row is not scanned too often
    state = scan();
  }
  if (next_ - at_ > most_row_bytes) fail(Status::limit, line_name(line_), "the row that begins here has more than 16 MB");
  take();
  return true;
}

void CsvRecords::pass_over_blank_lines() {
  for (;;) {
    if (at_ + 1 >= text_.size() && !at_end_) fill(block_bytes);
    if (at_ >= text_.size()) break;
    char c = text_[at_];
    if (c != '\n' && c != '\r') break;
    at_ += c == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n' ? 2 : 1;
    ++line_;
  }
  next_ = at_;
  next_line_ = line_;
}

// Behind the quote that opened: moves `at` to the quote that closes. One closes when a delimiter, a line end or the
// end follows, perhaps after blanks; doubled it is one quote of the text, and so is any other.
CsvRecords::Scan CsvRecords::scan_quoted(std::size_t& at) const {
  const char* text = text_.data();
  std::size_t size = text_.size();
  for (;;) {
    const void* found = at < size ? std::memchr(text + at, '"', size - at) : nullptr;
    if (found == nullptr) return Scan::unclosed;
    auto quote = static_cast<std::size_t>(static_cast<const char*>(found) - text);
    std::size_t after = quote + 1;
    if (after < size && text[after] == '"') {
      at = after + 1;
      continue;
    }
    while (after < size && (text[after] == ' ' || text[after] == '\t') && text[after] != delimiter_) ++after;
    if (after == size && !at_end_) return Scan::cut;
    if (after == size || ends_cell(text[after])) {
      at = quote;
      return Scan::whole;
    }
    at = quote + 1;
  }
}

// Finds the cells of the record at at_, and next_, where the one after it begins. Changes nothing in the text, for
// the record may be cut by the end of what was read.
CsvRecords::Scan CsvRecords::scan() {
  scanned_.clear();
  const char* text = text_.data();
  std::size_t size = text_.size();
  std::size_t at = at_;
  for (;;) {
    Cell cell{at, at, false};
    if (at < size && text[at] == '"') {
      cell = {at + 1, 0, true};
      at = cell.from;
      Scan state = scan_quoted(at);
      if (state != Scan::whole) return state;
      cell.to = at++;
      while (at < size && !ends_cell(text[at])) ++at;  // blanks
    } else {
      while (at < size && !ends_cell(text[at])) ++at;
      cell.to = at;
    }
    if (at + 1 >= size && !at_end_) return Scan::cut;
    scanned_.push_back(cell);
    if (at >= size) break;
    if (text[at] == delimiter_) {
      ++at;
      continue;
    }
    at += text[at] == '\r' && at + 1 < size && text[at + 1] == '\n' ? 2 : 1;
    break;
  }
  next_ = at;
  return Scan::whole;
}

void CsvRecords::take() {
  std::string_view record = std::string_view(text_).substr(at_, next_ - at_);
  if (!plain(record) && !valid_utf8(record)) {
    if (record.find('\0') != std::string_view::npos) fail(Status::invalid, line_name(line_), "the row holds a NUL byte");
    if (encoding() == TextEncoding::utf8) {
      fail(Status::invalid, line_name(line_), "the row is not UTF-8, as the file's start is; if it is in another encoding, name it");
    }
    fail(Status::invalid, line_name(line_), "the row is no well-formed UTF-16");
  }
  next_line_ = line_ + 1;
  cells_.clear();
  for (const Cell& cell : scanned_) {
    char* from = text_.data() + cell.from;
    char* to = text_.data() + cell.to;
    if (!cell.quoted) {
      cells_.emplace_back(from, cell.to - cell.from);
      continue;
    }
    char* end = from;
    for (const char* c = from; c < to; ++c) {
      if (*c == '\n' || (*c == '\r' && !(c + 1 < to && c[1] == '\n'))) ++next_line_;
      if (*c == '"' && c + 1 < to && c[1] == '"') ++c;
      *end++ = *c;
    }
    cells_.emplace_back(from, static_cast<std::size_t>(end - from));
  }
}

// The number of cells of the record at `at`, as `delimiter` would have it.
int CsvRecords::width_of_record(char delimiter, std::size_t& at, bool& whole) const {
  int width = 1;
  bool in_quotes = false;
  bool cell_begins = true;
  for (; at < text_.size(); ++at) {
    char c = text_[at];
    if (in_quotes) {
      if (c != '"') continue;
      if (at + 1 < text_.size() && text_[at + 1] == '"') {
        ++at;
      } else {
        in_quotes = false;
      }
    } else if (c == '"' && cell_begins) {
      in_quotes = true;
      cell_begins = false;
    } else if (c == '\n' || c == '\r') {
      while (at < text_.size() && (text_[at] == '\n' || text_[at] == '\r')) ++at;
      whole = true;
      return width;
    } else {
      cell_begins = c == delimiter;
      if (cell_begins) ++width;
    }
  }
  whole = at_end_ && !in_quotes;
  return width;
}

// The delimiter that parts the first record, and most of those behind it, into the same number of cells.
void CsvRecords::find_delimiter() {
  std::size_t start = 0;
  while (start < text_.size() && (text_[start] == '\n' || text_[start] == '\r')) ++start;
  std::string_view head = std::string_view(text_).substr(start, 6);
  if (head.size() == 6 && head.starts_with("sep=") && (head[5] == '\n' || head[5] == '\r')) {
    set_delimiter(head[4]);  // a spreadsheet's own hint, which is no row
    next_ = start + 5;
    return;
  }
  char best = ',';
  double best_share = 0;
  int best_width = 1;
  for (char candidate : {',', ';', '\t', '|'}) {
    std::size_t at = start;
    int first = 0;
    int alike = 0;
    int seen = 0;
    while (seen < records_for_delimiter && at < text_.size()) {
      bool whole = false;
      int width = width_of_record(candidate, at, whole);
      if (!whole && seen > 0) break;
      if (seen == 0) first = width;
      ++seen;
      if (width == first) ++alike;
    }
    if (first < 2 || seen == 0) continue;
    double share = static_cast<double>(alike) / seen;
    if (share > best_share + 0.001 || (share > best_share - 0.001 && first > best_width)) {
      best = candidate;
      best_share = share;
      best_width = first;
    }
  }
  set_delimiter(best);
}

}  // namespace kith
