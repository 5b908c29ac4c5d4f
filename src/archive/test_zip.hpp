#pragma once

#include <stdlib.h>
#include <sys/stat.h>

#include <boost/crc.hpp>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/check.hpp"

/// Zips that no honest tool writes, byte by byte, and a place to unpack them.
namespace stator::archive {

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "stator-archive-XXXXXX").string();
    STATOR_CHECK(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

struct RawEntry {
  std::string name;
  std::string contents = {};
  std::uint32_t mode = S_IFREG | 0644;  ///< of the Unix attributes; 0 leaves them out
  std::uint16_t flags = 0;              ///< bit 0: encrypted
  std::uint16_t method = 0;             ///< stored
  std::int64_t claimed_size = -1;       ///< what the headers say; -1 for the truth
};

/// Little-endian fields one after the other.
class RawBytes {
 public:
  RawBytes& u16(std::uint32_t value) { return put(value, 2); }
  RawBytes& u32(std::uint32_t value) { return put(value, 4); }
  RawBytes& text(const std::string& text) {
    bytes.append(text);
    return *this;
  }
  std::string bytes;

 private:
  RawBytes& put(std::uint32_t value, int size) {
    for (int i = 0; i < size; ++i) bytes.push_back(static_cast<char>(value >> 8 * i & 0xff));
    return *this;
  }
};

/// An archive of stored entries (APPNOTE.TXT 4.3), exactly as told.
inline std::string raw_zip(const std::vector<RawEntry>& entries) {
  RawBytes zip;
  RawBytes directory;
  for (const auto& entry : entries) {
    boost::crc_32_type crc;
    crc.process_bytes(entry.contents.data(), entry.contents.size());
    const auto size = static_cast<std::uint32_t>(entry.contents.size());
    const auto claimed =
        entry.claimed_size < 0 ? size : static_cast<std::uint32_t>(entry.claimed_size);
    RawBytes common;
    common.u16(entry.flags).u16(entry.method).u16(0).u16(0x21);
    common.u32(static_cast<std::uint32_t>(crc.checksum())).u32(size).u32(claimed);
    common.u16(static_cast<std::uint32_t>(entry.name.size())).u16(0);
    const auto offset = static_cast<std::uint32_t>(zip.bytes.size());
    zip.u32(0x04034b50).u16(20).text(common.bytes).text(entry.name).text(entry.contents);
    const std::uint32_t made_by = entry.mode != 0 ? 3u << 8 | 20u : 20u;
    directory.u32(0x02014b50).u16(made_by).u16(20).text(common.bytes);
    directory.u16(0).u16(0).u16(0).u32(entry.mode << 16).u32(offset).text(entry.name);
  }
  const auto start = static_cast<std::uint32_t>(zip.bytes.size());
  const auto count = static_cast<std::uint32_t>(entries.size());
  zip.text(directory.bytes);
  zip.u32(0x06054b50).u16(0).u16(0).u16(count).u16(count);
  zip.u32(static_cast<std::uint32_t>(directory.bytes.size())).u32(start).u16(0);
  return zip.bytes;
}

}  // namespace stator::archive
