#include "base/failure.h"

namespace kith {

const char* status_name(Status status) noexcept {
  switch (status) {
    case Status::ok: return "OK";
    case Status::misuse: return "MISUSE";
    case Status::invalid: return "INVALID";
    case Status::not_found: return "NOT_FOUND";
    case Status::conflict: return "CONFLICT";
    case Status::refused: return "REFUSED";
    case Status::busy: return "BUSY";
    case Status::retry: return "RETRY";
    case Status::cancelled: return "CANCELLED";
    case Status::read_only: return "READ_ONLY";
    case Status::full: return "FULL";
    case Status::io: return "IO";
    case Status::corrupt: return "CORRUPT";
    case Status::too_new: return "TOO_NEW";
    case Status::not_kith: return "NOT_KITH";
    case Status::foreign_sqlite: return "FOREIGN_SQLITE";
    case Status::unsupported: return "UNSUPPORTED";
    case Status::limit: return "LIMIT";
    case Status::no_memory: return "NO_MEMORY";
    case Status::internal: return "INTERNAL";
  }
  return "UNKNOWN";
}

namespace {

// Names of fields come from outside, and a message must be fit to be shown whatever came.
std::string shortened(std::string_view field) {
  constexpr std::size_t most = 200;
  if (field.size() <= most) return std::string(field);
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(field[end]) & 0xC0) == 0x80) --end;
  return std::string(field.substr(0, end)) + "…";
}

}  // namespace

Failure::Failure(Status status, std::string_view field, std::string_view sentence)
    : status_(status), field_(shortened(field)) {
  if (!field_.empty()) message_.append(field_).append(": ");
  message_.append(sentence);
}

std::string_view Failure::sentence() const noexcept {
  std::string_view all = message_;
  return field_.empty() ? all : all.substr(field_.size() + 2);
}

Failure Failure::within(std::string_view path) const {
  std::string whole(path);
  if (!path.empty() && !field_.empty() && field_.front() != '[') whole += '.';
  whole += field_;
  Failure outer(status_, whole, sentence());
  outer.nearest_ = nearest_;
  return outer;
}

void fail_formatted(Status status, std::string_view field, fmt::string_view format, fmt::format_args args) {
  throw Failure(status, field, fmt::vformat(format, args));
}

}  // namespace kith
