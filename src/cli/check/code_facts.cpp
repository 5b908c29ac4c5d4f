#include "cli/check/code_facts.hpp"

#include <cstdlib>

#include "archive/zip.hpp"
#include "base/file.hpp"

namespace stator::cli {
namespace {

namespace fs = std::filesystem;

/// Gone with its contents at the end.
class Scratch {
 public:
  Scratch() {
    std::string path = (fs::temp_directory_path() / "stator-check-XXXXXX").string();
    if (::mkdtemp(path.data()) != nullptr) path_ = path;
  }
  ~Scratch() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

CodeFacts facts_of(const std::vector<archive::Entry>& entries) {
  CodeFacts facts;
  for (const archive::Entry& entry : entries) {
    facts.names.insert(entry.name);
    if (entry.is_link) continue;
    facts.unpacked_bytes += entry.contents.size();
    if (entry.is_executable) facts.executables.insert(entry.name);
    if (auto elf = read_elf(entry.contents))
      facts.programs.push_back({entry.name, *std::move(elf)});
  }
  return facts;
}

}  // namespace

Result<CodeFacts> read_code(const fs::path& path) {
  std::error_code error;
  if (!fs::exists(path, error)) return not_found(path.string() + ": no such file or directory");
  // What passes AWS's limit is to be told, not refused here.
  constexpr std::uint64_t kBytesMax = 2ull << 30;
  if (fs::is_directory(path, error)) {
    STATOR_TRY(auto entries, archive::collect(path, kBytesMax));
    CodeFacts facts = facts_of(entries);
    if (entries.empty()) return facts;
    STATOR_TRY(const std::string zip, archive::pack(std::move(entries)));
    facts.packed_bytes = zip.size();
    return facts;
  }
  STATOR_TRY(const std::string zip, read_file(path));
  const Scratch scratch;
  STATOR_TRY_VOID(archive::unpack(zip, scratch.path(), {.unpacked_bytes_max = kBytesMax}));
  STATOR_TRY(const auto entries, archive::collect(scratch.path(), kBytesMax));
  CodeFacts facts = facts_of(entries);
  facts.packed_bytes = zip.size();
  return facts;
}

}  // namespace stator::cli
