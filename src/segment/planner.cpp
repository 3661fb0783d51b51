#include "segment/planner.h"

#include "segment/sql_writer.h"

namespace kith {

namespace {

// With a set no larger than this, SQL conditions look at the set's leads only.
constexpr std::int64_t small_set = 2000;

// A set, or everybody outside it: so `A and not B` is a difference, and everybody is asked for only at the
// end.
struct Answer {
  LeadSet set;
  bool outside = false;

  void all(Answer other) {
    if (!outside && !other.outside) {
      set &= other.set;
    } else if (!outside) {
      set -= other.set;
    } else if (!other.outside) {
      other.set -= set;
      *this = std::move(other);
    } else {
      set |= other.set;
    }
  }
  void any(Answer other) {
    outside = !outside;
    other.outside = !other.outside;
    all(std::move(other));
    outside = !outside;
  }
};

class Planner {
 public:
  Planner(Operation& op, const Kind& kind) : op_(op), kind_(kind) {}

  // The sets of an `all` or `any`, joined, and beside them what only SQL answers.
  struct Parts {
    Answer sets;
    std::vector<const Term*> sql;
  };

  // Right for the leads of `within`; for others it may be anything. No `within`: right for all.
  Parts parts(const Term& term, const LeadSet* within) {
    bool all = term.form == Form::all;
    Parts parts;
    parts.sets.outside = all;  // everybody, or nobody
    std::vector<const Term*> mixed;
    auto join = [&](const Term& part, const LeadSet* where) {
      if (all) {
        parts.sets.all(answer(part, where));
      } else {
        parts.sets.any(answer(part, where));
      }
    };
    for (const Term& part : term.parts) {
      if (!part.has_sets) {
        parts.sql.push_back(&part);
      } else if (part.has_sql) {
        mixed.push_back(&part);
      } else {
        join(part, within);
      }
    }
    // What sets leave over bounds what SQL has to look at.
    for (const Term* part : mixed) {
      if (all && is_small(parts.sets)) {
        LeadSet left = parts.sets.set;
        join(*part, &left);
      } else {
        join(*part, within);
      }
    }
    return parts;
  }

  Answer answer(const Term& term, const LeadSet* within) {
    switch (term.form) {
      case Form::membership:
        return {term.predicate->leads(op_, term.thing, term.state), false};
      case Form::negation: {
        Answer inner = answer(term.parts.front(), within);
        inner.outside = !inner.outside;
        return inner;
      }
      default:
        break;
    }
    Parts found = parts(term, within);
    if (found.sql.empty()) return std::move(found.sets);
    bool all = term.form == Form::all;
    if (all && is_small(found.sets)) return by_sql(found.sql, true, &found.sets.set);
    Answer sql = by_sql(found.sql, all, within);
    if (all) {
      found.sets.all(std::move(sql));
    } else {
      found.sets.any(std::move(sql));
    }
    return std::move(found.sets);
  }

  static bool is_small(const Answer& answer) { return !answer.outside && answer.set.size() <= small_set; }

  LeadSet leads(Answer answer) {
    if (!answer.outside) return std::move(answer.set);
    LeadSet everybody = op_.sets.everybody();
    everybody -= answer.set;
    return everybody;
  }

  Answer by_sql(const std::vector<const Term*>& terms, bool all, const LeadSet* within) {
    Parameters parameters(op_.now);
    Condition condition;
    condition.sql = joined_sql(kind_, terms, all, false, parameters);
    if (within != nullptr) condition.set = *within;
    return {leads_of(op_, condition, parameters), false};
  }

 private:
  Operation& op_;
  const Kind& kind_;
};

}  // namespace

Condition plan(Operation& op, const Kind& kind, const Term& term, Parameters& parameters) {
  Condition condition;
  if (!term.has_sets) {
    condition.sql = condition_sql(kind, term, false, parameters);
    return condition;
  }
  Planner planner(op, kind);
  if (term.form == Form::all) {
    Planner::Parts parts = planner.parts(term, nullptr);
    if (!parts.sql.empty() && Planner::is_small(parts.sets)) {
      condition.set = std::move(parts.sets.set);
      condition.sql = joined_sql(kind, parts.sql, true, false, parameters);
      return condition;
    }
    if (!parts.sql.empty()) parts.sets.all(planner.by_sql(parts.sql, true, nullptr));
    condition.set = planner.leads(std::move(parts.sets));
    return condition;
  }
  condition.set = planner.leads(planner.answer(term, nullptr));
  return condition;
}

std::int64_t count(Operation& op, const Kind& kind, const Term& term) {
  if (!term.has_sets) {
    Parameters parameters(op.now);
    Condition condition;
    condition.sql = condition_sql(kind, term, false, parameters);
    return count_things(op, kind, condition, parameters);
  }
  if (term.form == Form::negation) return op.sets.count_everybody() - count(op, kind, term.parts.front());
  if (term.form == Form::membership && term.predicate->count != nullptr) {
    return term.predicate->count(op, term.thing, term.state);
  }
  Answer answer = Planner(op, kind).answer(term, nullptr);
  return answer.outside ? op.sets.count_everybody() - answer.set.size() : answer.set.size();
}

}  // namespace kith
