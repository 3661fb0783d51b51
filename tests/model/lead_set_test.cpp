// Sets of lead ids against std::set, in memory and stored: every operation, at the borders of chunks and of forms.
#include "model/lead_set.h"

#include <catch2/catch.hpp>

#include <random>
#include <set>

#include "model/set_store.h"
#include "support/crm.h"

using namespace kith;
using kith::test::Crm;

namespace {

using Model = std::set<std::int64_t>;

std::vector<std::int64_t> ids_of(const LeadSet& set) {
  std::vector<std::int64_t> ids;
  set.each([&](std::int64_t id) { ids.push_back(id); });
  return ids;
}

// Whether the set is the model, and every chunk is in the form that its size asks for.
bool same(const LeadSet& set, const Model& model) {
  if (set.size() != static_cast<std::int64_t>(model.size()) || set.empty() != model.empty()) return false;
  if (ids_of(set) != std::vector<std::int64_t>(model.begin(), model.end())) return false;
  for (const LeadSet::Chunk& chunk : set.chunks()) {
    bool bitmap = chunk.size() > LeadSet::array_most;
    if (chunk.size() == 0 || (chunk.form() == LeadSet::Form::bitmap) != bitmap) return false;
  }
  return true;
}

// Ids near what goes wrong: borders of chunks, and a dense and a sparse part.
std::int64_t some_id(std::mt19937& random) {
  switch (random() % 4) {
    case 0: return 65536 * static_cast<std::int64_t>(1 + random() % 3) + static_cast<std::int64_t>(random() % 5) - 2;
    case 1: return 1 + static_cast<std::int64_t>(random() % 5000);
    case 2: return 131072 + static_cast<std::int64_t>(random() % 4200);
    default: return 1 + static_cast<std::int64_t>(random() % 400000);
  }
}

LeadSet set_of(const Model& model) {
  LeadSet set;
  for (std::int64_t id : model) set.add(id);
  return set;
}

Model range(std::int64_t from, std::int64_t count) {
  Model model;
  for (std::int64_t id = from; id < from + count; ++id) model.insert(id);
  return model;
}

Model combined(const Model& a, const Model& b, int how) {
  Model out;
  for (std::int64_t id : a) {
    if (how == 0 || (how == 1) == (b.count(id) > 0)) out.insert(id);
  }
  if (how == 0) out.insert(b.begin(), b.end());
  return out;
}

void combine(LeadSet& a, const LeadSet& b, int how) {
  if (how == 0) a |= b;
  if (how == 1) a &= b;
  if (how == 2) a -= b;
}

}  // namespace

TEST_CASE("a set of leads does what std::set does", "[sets]") {
  std::mt19937 random(7);
  LeadSet set;
  Model model;
  for (int step = 0; step < 30000; ++step) {
    std::int64_t id = some_id(random);
    if (random() % 3 != 0) {
      REQUIRE(set.add(id) == model.insert(id).second);
    } else {
      REQUIRE(set.remove(id) == (model.erase(id) > 0));
    }
    REQUIRE(set.contains(id) == (model.count(id) > 0));
    if (step % 3000 == 0) REQUIRE(same(set, model));
    std::int64_t from = some_id(random);
    auto next = model.upper_bound(from);
    REQUIRE(set.after(from) == (next == model.end() ? 0 : *next));
    if (step % 10 != 0) continue;
    auto before = model.lower_bound(from);
    REQUIRE(set.before(from) == (before == model.begin() ? 0 : *std::prev(before)));
  }
  CHECK(same(set, model));
}

TEST_CASE("a chunk changes its form at 4096 members, in both directions", "[sets]") {
  for (std::int64_t count : {4095, 4096, 4097}) {
    INFO(count);
    Model model = range(10, count);
    LeadSet set = set_of(model);
    CHECK(same(set, model));
    CHECK(set.chunks().front().form() == (count > 4096 ? LeadSet::Form::bitmap : LeadSet::Form::array));
    model.insert(60000);
    set.add(60000);
    CHECK(same(set, model));
    for (std::int64_t id : {60000, 10, 11}) {
      model.erase(id);
      set.remove(id);
      CHECK(same(set, model));
    }
  }
}

TEST_CASE("union, intersection and difference, for every pair of forms", "[sets]") {
  std::mt19937 random(11);
  std::vector<Model> models = {{}, {1}, {65535, 65536}, range(1, 4095), range(1, 4096), range(1, 4097), range(2000, 4096), range(60000, 12000), range(65536, 65536)};
  Model scattered;
  for (int i = 0; i < 6000; ++i) scattered.insert(some_id(random));
  models.push_back(scattered);
  for (std::size_t a = 0; a < models.size(); ++a) {
    for (std::size_t b = 0; b < models.size(); ++b) {
      for (int how = 0; how < 3; ++how) {
        INFO(a << " and " << b << " by " << how);
        LeadSet set = set_of(models[a]);
        combine(set, set_of(models[b]), how);
        CHECK(same(set, combined(models[a], models[b], how)));
      }
    }
    for (int how = 0; how < 3; ++how) {
      INFO(a << " and itself by " << how);
      LeadSet set = set_of(models[a]);
      combine(set, set, how);
      CHECK(same(set, combined(models[a], models[a], how)));
    }
  }
}

TEST_CASE("all ids up to the last", "[sets]") {
  for (std::int64_t last : {0, 1, 4096, 4097, 65534, 65535, 65536, 65537, 131072}) {
    INFO(last);
    LeadSet set = LeadSet::up_to(last);
    CHECK(same(set, range(1, last)));
    CHECK_FALSE(set.contains(0));
    CHECK_FALSE(set.contains(last + 1));
    CHECK(set.after(0) == (last > 0 ? 1 : 0));
    CHECK(set.before(std::int64_t{1} << 40) == last);
    CHECK(set.after(last) == 0);
  }
}

TEST_CASE("an id that no lead can have is in no set", "[sets]") {
  LeadSet set = LeadSet::up_to(10);
  std::int64_t alias = (std::int64_t{1} << 48) + 5;  // the same chunk number but for what 32 bits do not hold
  for (std::int64_t id : {alias, std::int64_t{0}, std::int64_t{-1}, std::int64_t{-65531}, (std::int64_t{1} << 53) - 1}) {
    INFO(id);
    CHECK_FALSE(set.contains(id));
    CHECK_FALSE(set.remove(id));
  }
  CHECK(set.after(alias) == 0);
  CHECK(set.size() == 10);
}

TEST_CASE("a chunk refuses bytes that are not what they say", "[sets]") {
  LeadSet::Chunk chunk;
  std::vector<std::uint8_t> two = {1, 0, 2, 0};
  std::vector<std::uint8_t> backwards = {2, 0, 1, 0};
  std::vector<std::uint8_t> twice = {2, 0, 2, 0};
  CHECK(chunk.read(LeadSet::Form::array, 2, two));
  CHECK_FALSE(chunk.read(LeadSet::Form::array, 3, two));
  CHECK_FALSE(chunk.read(LeadSet::Form::array, 2, backwards));
  CHECK_FALSE(chunk.read(LeadSet::Form::array, 2, twice));
  CHECK_FALSE(chunk.read(LeadSet::Form::bitmap, 2, two));
  CHECK_FALSE(chunk.read(static_cast<LeadSet::Form>(7), 2, two));
  std::vector<std::uint8_t> full(8192, 0xff);
  CHECK(chunk.read(LeadSet::Form::bitmap, 65536, full));
  CHECK_FALSE(chunk.read(LeadSet::Form::bitmap, 65535, full));
  CHECK_FALSE(chunk.read(LeadSet::Form::array, 65536, full));
}

TEST_CASE("stored sets do what std::set does", "[sets]") {
  Crm crm;
  std::mt19937 random(13);
  Model models[3];
  auto key = [](std::size_t owner) { return SetKey{SetFamily::tag, static_cast<std::int64_t>(owner) + 1}; };
  for (int step = 0; step < 60; ++step) {
    std::size_t owner = random() % 3;
    Model& model = models[owner];
    Model many;
    for (auto count = random() % 3000; count > 0; --count) many.insert(some_id(random));
    std::int64_t one = some_id(random);
    crm.write([&](Operation& op) {
      switch (random() % 6) {
        case 0: CHECK(op.sets.add(key(owner), one) == model.insert(one).second); break;
        case 1: CHECK(op.sets.remove(key(owner), one) == (model.erase(one) > 0)); break;
        case 2:
          op.sets.remove_all(key(owner), set_of(many));
          model = combined(model, many, 2);
          break;
        case 3:
          if (random() % 4 != 0) break;
          op.sets.replace(key(owner), set_of(many));
          model = many;
          break;
        case 4:
          if (random() % 4 != 0) break;
          op.sets.drop(key(owner));
          model.clear();
          break;
        default:
          op.sets.add_all(key(owner), set_of(many));
          model.insert(many.begin(), many.end());
      }
      return 0;
    });
    crm.read([&](Operation& op) {
      for (std::size_t other = 0; other < 3; ++other) {
        INFO(step << ", set " << other);
        CHECK(same(op.sets.load(key(other)), models[other]));
        CHECK(op.sets.count(key(other)) == static_cast<std::int64_t>(models[other].size()));
        CHECK(op.sets.contains(key(other), one) == (models[other].count(one) > 0));
      }
    });
  }
  CHECK(crm.one("SELECT COUNT(*) FROM lead_set WHERE size = 0") == "0");
}

TEST_CASE("everybody is who was given an id and is not gone", "[sets]") {
  Crm crm;
  for (const char* email : {"a@x.example", "b@x.example", "c@x.example"}) crm.lead(email);
  crm.remove("lead", "id:2");
  crm.read([](Operation& op) {
    CHECK(same(op.sets.everybody(), {1, 3}));
    CHECK(op.sets.count_everybody() == 2);
  });
}

TEST_CASE("a damaged set says so", "[sets]") {
  Crm crm;
  crm.write([](Operation& op) {
    op.sets.add({SetFamily::tag, 1}, 5);
    op.db.run("UPDATE lead_set SET size = 2");
    return 0;
  });
  try {
    crm.read([](Operation& op) { return op.sets.load({SetFamily::tag, 1}).size(); });
    FAIL("it was read");
  } catch (const Failure& failure) {
    CHECK(failure.status() == Status::corrupt);
  }
}
