#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace stator::cli {

/// A file of AWS's shared configuration: sections of keys with values. Keys are in lower case;
/// a section that comes twice is one; nested values (an indented block below a key without value)
/// are left out; lines that say nothing are passed over.
/// https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
class IniFile {
 public:
  using Section = std::map<std::string, std::string, std::less<>>;

  [[nodiscard]] static IniFile parse(std::string_view text);

  /// Null when there is none of that name.
  [[nodiscard]] const Section* section(std::string_view name) const;

 private:
  std::map<std::string, Section, std::less<>> sections_;
};

/// The profile's section of ~/.aws/config: "[profile NAME]", or "[default]".
[[nodiscard]] std::string config_section(std::string_view profile);

}  // namespace stator::cli
