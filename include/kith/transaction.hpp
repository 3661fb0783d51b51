// Transactions, by hand and as a function that is repeated when it lost a race. Part of kith.hpp.
#ifndef KITH_TRANSACTION_HPP
#define KITH_TRANSACTION_HPP

#include <kith/database.hpp>

#include <type_traits>

namespace kith {
inline namespace cpp {

// A transaction that is rolled back unless commit() was reached. They nest. Database::transaction is easier,
// and repeats what lost a race.
class Transaction {
 public:
  explicit Transaction(Database& db) : db_(&db) {
    detail::call(kith_begin, db_->c());
    ++db_->state_->depth;
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction() { rollback(); }

  void commit() {
    detail::call(kith_commit, db_->c());
    ended();
  }
  void rollback() noexcept {
    if (!open_) return;
    kith_rollback(db_->c());
    ended();
  }

 private:
  void ended() noexcept {
    open_ = false;
    --db_->state_->depth;
  }

  Database* db_;
  bool open_ = true;
};

template <typename Body>
std::invoke_result_t<Body&> Database::transaction(Body body, int attempts) {
  for (int attempt = 1;; ++attempt) {
    try {
      Transaction transaction(*this);
      if constexpr (std::is_void_v<std::invoke_result_t<Body&>>) {
        body();
        transaction.commit();
        return;
      } else {
        auto result = body();
        transaction.commit();
        return result;
      }
    } catch (const Error& error) {
      if (error.status() != KITH_RETRY || state_->depth > 0 || attempt >= attempts) throw;
    }
  }
}

}  // namespace cpp
}  // namespace kith
#endif
