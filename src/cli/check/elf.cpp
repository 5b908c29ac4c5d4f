#include "cli/check/elf.hpp"

#include <elf.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace stator::cli {
namespace {

constexpr std::size_t kEntriesMax = 4'096;

/// 64-bit little-endian files: all that Lambda runs.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  template <class T>
  [[nodiscard]] std::optional<T> at(std::uint64_t offset) const {
    if (offset > bytes_.size() || bytes_.size() - offset < sizeof(T)) return std::nullopt;
    T value;
    std::memcpy(&value, bytes_.data() + offset, sizeof value);
    return value;
  }

  /// The text that ends with a zero byte; "" outside the file.
  [[nodiscard]] std::string text(std::uint64_t offset) const {
    if (offset >= bytes_.size()) return "";
    const auto rest = bytes_.substr(offset);
    return std::string(rest.substr(0, std::min(rest.find('\0'), rest.size())));
  }

 private:
  std::string_view bytes_;
};

std::string machine_name(std::uint16_t machine) {
  if (machine == EM_X86_64) return "x86_64";
  if (machine == EM_AARCH64) return "arm64";
  return "machine " + std::to_string(machine);
}

class File {
 public:
  File(std::string_view bytes, const Elf64_Ehdr& header) : reader_(bytes) {
    const std::size_t count = std::min<std::size_t>(header.e_phnum, kEntriesMax);
    for (std::size_t i = 0; i < count; ++i) {
      if (const auto one = reader_.at<Elf64_Phdr>(header.e_phoff + i * sizeof(Elf64_Phdr))) {
        segments_.push_back(*one);
      }
    }
  }

  void read(ElfFacts& facts) {
    for (const Elf64_Phdr& segment : segments_) {
      if (segment.p_type == PT_INTERP) facts.interpreter = reader_.text(segment.p_offset);
      if (segment.p_type == PT_DYNAMIC) read_dynamic(segment, facts);
    }
  }

 private:
  /// Where the file has what is loaded at an address.
  [[nodiscard]] std::uint64_t offset_of(std::uint64_t address) const {
    for (const Elf64_Phdr& segment : segments_) {
      const bool is_inside = segment.p_type == PT_LOAD && address >= segment.p_vaddr &&
                             address - segment.p_vaddr < segment.p_filesz;
      if (is_inside) return address - segment.p_vaddr + segment.p_offset;
    }
    return UINT64_MAX;
  }

  void read_dynamic(const Elf64_Phdr& segment, ElfFacts& facts) {
    std::vector<std::uint64_t> names;
    std::uint64_t strings = UINT64_MAX, versions = UINT64_MAX;
    for (std::size_t i = 0; i < kEntriesMax; ++i) {
      const auto entry = reader_.at<Elf64_Dyn>(segment.p_offset + i * sizeof(Elf64_Dyn));
      if (!entry || entry->d_tag == DT_NULL) break;
      if (entry->d_tag == DT_NEEDED) names.push_back(entry->d_un.d_val);
      if (entry->d_tag == DT_STRTAB) strings = offset_of(entry->d_un.d_ptr);
      if (entry->d_tag == DT_VERNEED) versions = offset_of(entry->d_un.d_ptr);
    }
    if (strings == UINT64_MAX) return;
    for (const std::uint64_t name : names) facts.needed.push_back(reader_.text(strings + name));
    if (versions != UINT64_MAX) read_versions(versions, strings, facts);
  }

  void read_versions(std::uint64_t at, std::uint64_t strings, ElfFacts& facts) {
    for (std::size_t i = 0; i < kEntriesMax; ++i) {
      const auto library = reader_.at<Elf64_Verneed>(at);
      if (!library) return;
      std::uint64_t symbol = at + library->vn_aux;
      for (std::size_t k = 0; k < library->vn_cnt && k < kEntriesMax; ++k) {
        const auto version = reader_.at<Elf64_Vernaux>(symbol);
        if (!version) return;
        note_version(reader_.text(strings + version->vna_name), facts);
        if (version->vna_next == 0) break;
        symbol += version->vna_next;
      }
      if (library->vn_next == 0) return;
      at += library->vn_next;
    }
  }

  /// "GLIBC_2.34"
  static void note_version(std::string_view version, ElfFacts& facts) {
    constexpr std::string_view kPrefix = "GLIBC_2.";
    if (!version.starts_with(kPrefix)) return;
    int minor = 0;
    std::from_chars(version.data() + kPrefix.size(), version.data() + version.size(), minor);
    facts.glibc_minor = std::max(facts.glibc_minor, minor);
  }

  Reader reader_;
  std::vector<Elf64_Phdr> segments_;
};

}  // namespace

std::optional<ElfFacts> read_elf(std::string_view bytes) {
  const auto header = Reader(bytes).at<Elf64_Ehdr>(0);
  if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) return std::nullopt;
  ElfFacts facts;
  facts.machine = machine_name(header->e_machine);
  if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != ELFDATA2LSB) {
    facts.machine = "a 32-bit or big-endian machine";
    return facts;
  }
  if (header->e_type != ET_EXEC && header->e_type != ET_DYN) return std::nullopt;
  File(bytes, *header).read(facts);
  facts.is_executable = header->e_type == ET_EXEC || !facts.interpreter.empty();
  return facts;
}

}  // namespace stator::cli
