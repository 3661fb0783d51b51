// Marks that are put where personal values go, and the search for what is left of them in files: as UTF-8, as UTF-16
// of both orders, as hexadecimal digits and in base64, as written and in lower case.
#pragma once

#include <stdio.h>

#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace kith::test {

class Canaries {
 public:
  explicit Canaries(std::string prefix = "Q") : prefix_(std::move(prefix)) {}

  // A word that stands nowhere else, if no other flock has the prefix.
  std::string word() { return add(prefix_ + "qz" + std::to_string(1000 + marks_.size() * 7) + "Xkv"); }
  std::string add(std::string mark) {
    marks_.push_back(mark);
    return mark;
  }
  const std::vector<std::string>& marks() const { return marks_; }

  // The marks that the bytes hold, in any of the ways.
  std::vector<std::string> in(const std::string& bytes) const {
    std::string lower = lowered(bytes);
    std::vector<std::string> found;
    for (const std::string& mark : marks_) {
      std::string low = lowered(mark);
      std::string wide;
      for (char c : low) {
        wide += c;
        wide += '\0';
      }
      wide.pop_back();  // ends alike in both byte orders
      bool there = lower.find(low) != std::string::npos || lower.find(wide) != std::string::npos;
      for (const std::string& text : {mark, low}) {
        there = there || lower.find(hex(text)) != std::string::npos;
        // Text in base64 looks different at each of three places within the whole; its ends depend on what is beside it.
        for (std::size_t place = 0; place < 3 && text.size() > 8; ++place) there = there || bytes.find(base64(text, place)) != std::string::npos;
      }
      if (there) found.push_back(mark);
    }
    return found;
  }

  // In all files of a folder, "file: mark".
  std::vector<std::string> in_folder(const std::string& folder) const {
    std::vector<std::string> found;
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
      if (!file.is_regular_file()) continue;
      for (const std::string& mark : in(read_elsewhere(file.path().string()))) found.push_back(file.path().filename().string() + ": " + mark);
    }
    return found;
  }

 private:
  // By another process: to open and close a live file in this one would drop its locks.
  static std::string read_elsewhere(const std::string& path) {
    std::FILE* pipe = popen(("cat '" + path + "'").c_str(), "r");
    if (pipe == nullptr) throw std::runtime_error("no process to read a file with");
    std::string bytes;
    char part[65536];
    for (std::size_t size; (size = std::fread(part, 1, sizeof part, pipe)) > 0;) bytes.append(part, size);
    if (pclose(pipe) != 0) throw std::runtime_error("a file cannot be read: " + path);
    return bytes;
  }

  static std::string hex(const std::string& text) {
    std::string out;
    for (char c : text) {
      for (int digit : {(c >> 4) & 15, c & 15}) out += "0123456789abcdef"[digit];
    }
    return out;
  }
  // The digits that hold nothing but the text, when `place` bytes stand before it.
  static std::string base64(const std::string& text, std::size_t place) {
    constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t at = (3 - place) % 3; at + 3 <= text.size(); at += 3) {
      auto byte = [&](std::size_t i) { return static_cast<unsigned>(static_cast<unsigned char>(text[at + i])); };
      unsigned three = byte(0) << 16 | byte(1) << 8 | byte(2);
      for (int shift : {18, 12, 6, 0}) out += digits[three >> shift & 63];
    }
    return out;
  }
  static std::string lowered(std::string text) {
    for (char& c : text) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    return text;
  }
  std::string prefix_;
  std::vector<std::string> marks_;
};

}  // namespace kith::test
