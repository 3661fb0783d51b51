// The nearest word, by the letters that must change.
#include "nearest.h"

#include <algorithm>

namespace kith_cli {

std::string nearest_word(const std::string& word, const std::vector<std::string>& known) {
  std::string best;
  size_t best_distance = 1 + word.size() / 3;
  for (const std::string& other : known) {
    // The edit distance, row by row.
    std::vector<size_t> row(other.size() + 1);
    for (size_t i = 0; i <= other.size(); ++i) row[i] = i;
    for (size_t i = 1; i <= word.size(); ++i) {
      size_t diagonal = row[0];
      row[0] = i;
      for (size_t j = 1; j <= other.size(); ++j) {
        const size_t changed = diagonal + (word[i - 1] == other[j - 1] ? 0 : 1);
        diagonal = row[j];
        row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
      }
    }
    if (row.back() <= best_distance && (best.empty() || row.back() < best_distance)) {
      best = other;
      best_distance = row.back();
    }
  }
  return best;
}

std::string did_you_mean(const std::string& word, const std::vector<std::string>& known) {
  const std::string near = nearest_word(word, known);
  return near.empty() ? near : "; did you mean \"" + near + "\"?";
}

}  // namespace kith_cli
