#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "json/json.hpp"

namespace stator::cli {

/// A template as it lies on disk.
struct TemplateFile {
  std::filesystem::path path;  ///< absolute
  std::string text;
  json::Object body;  ///< short tags in their long form, nothing expanded
};

/// `given`, or, when it is empty, the first of template.yaml, template.yml and template.json in
/// `directory`. kNotFound naming what was looked for; "FILE: ..." for a file that is no template.
[[nodiscard]] Result<TemplateFile> read_template_file(const std::filesystem::path& given,
                                                      const std::filesystem::path& directory);

/// The name of the file's directory made fit for a stack: letters, digits and hyphens, beginning
/// with a letter, at most 128.
[[nodiscard]] std::string default_stack_name(const TemplateFile& file);

/// The resource of this file that a logical id stands for: itself, or the one that the transform
/// made it of ("GetFunctionRole" is GetFunction's). "" when there is none.
[[nodiscard]] std::string written_resource(const TemplateFile& file, std::string_view logical_id);

/// The line on which the file declares what a logical id stands for.
[[nodiscard]] std::optional<std::size_t> line_of_resource(const TemplateFile& file,
                                                          std::string_view logical_id);

/// The line of the resource that a service's message names, and of its property when the message
/// names one too.
[[nodiscard]] std::optional<std::size_t> line_of_message(const TemplateFile& file,
                                                         std::string_view message);

/// "template.yaml:12: " or, where the line is not known, "".
[[nodiscard]] std::string place_text(const TemplateFile& file, std::optional<std::size_t> line);

/// An error of a service with the place of what its message names in front. A line that the service
/// counts is of the text that it got, and left out.
[[nodiscard]] Error placed(const TemplateFile& file, Error error);

}  // namespace stator::cli
