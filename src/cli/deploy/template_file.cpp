#include "cli/deploy/template_file.hpp"

#include <array>
#include <vector>

#include "base/file.hpp"
#include "cloudformation/yaml_loader.hpp"
#include "json/yaml_lines.hpp"

namespace stator::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::array kDefaultNames = {"template.yaml", "template.yml", "template.json"};
constexpr std::size_t kTemplateBytesMax = 1u << 20;
constexpr std::size_t kStackNameMax = 128;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_word(char c) {
  return is_letter(c) || is_digit(c) || c == '_';
}

Result<fs::path> find_file(const fs::path& given, const fs::path& directory) {
  std::error_code error;
  if (!given.empty()) {
    fs::path path = given.is_absolute() ? given : directory / given;
    if (!fs::is_regular_file(path, error)) return not_found("there is no file " + given.string());
    return fs::absolute(path).lexically_normal();
  }
  for (const char* name : kDefaultNames) {
    if (fs::is_regular_file(directory / name, error)) {
      return fs::absolute(directory / name).lexically_normal();
    }
  }
  return not_found(
      "there is no template.yaml, template.yml or template.json here: name the template");
}

const json::Object* resources_of(const TemplateFile& file) {
  const json::Value* resources = json::find(file.body, "Resources");
  return resources != nullptr && resources->is_object() ? &resources->get_object() : nullptr;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && is_word(text[end])) ++end;
    if (end > i) words.push_back(text.substr(i, end - i));
    i = std::max(end, i + 1);
  }
  return words;
}

}  // namespace

Result<TemplateFile> read_template_file(const fs::path& given, const fs::path& directory) {
  STATOR_TRY(const fs::path path, find_file(given, directory));
  STATOR_TRY(std::string text, read_file(path, kTemplateBytesMax));
  auto body = cloudformation::load_template(text);
  if (!body) {
    Error error = body.error();
    error.message = path.filename().string() + ": " + error.message;
    return error;
  }
  return TemplateFile{path, std::move(text), *std::move(body)};
}

std::string default_stack_name(const TemplateFile& file) {
  std::string name;
  for (const char c : file.path.parent_path().filename().string()) {
    if (is_letter(c) || is_digit(c)) {
      name += c;
    } else if (!name.empty() && name.back() != '-') {
      name += '-';
    }
  }
  while (name.ends_with('-')) name.pop_back();
  if (name.empty()) return "stack";
  if (!is_letter(name.front())) name.insert(0, "stack-");
  return name.substr(0, kStackNameMax);
}

std::string written_resource(const TemplateFile& file, std::string_view logical_id) {
  const json::Object* resources = resources_of(file);
  if (resources == nullptr) return "";
  // What a transform makes of a resource has its id in front.
  std::string_view best;
  for (const auto& entry : *resources) {
    const std::string_view id(entry.key().data(), entry.key().size());
    if (logical_id.starts_with(id) && id.size() > best.size()) best = id;
  }
  return std::string(best);
}

std::optional<std::size_t> line_of_resource(const TemplateFile& file, std::string_view logical_id) {
  const std::string written = written_resource(file, logical_id);
  if (written.empty()) return std::nullopt;
  const std::vector<std::string> path = {"Resources", written};
  return json::line_of(file.text, path);
}

std::optional<std::size_t> line_of_message(const TemplateFile& file, std::string_view message) {
  const json::Object* resources = resources_of(file);
  if (resources == nullptr) return std::nullopt;
  const auto words = words_of(message);
  for (const std::string_view word : words) {
    const json::Value* resource = json::find(*resources, word);
    if (resource == nullptr) continue;
    std::vector<std::string> path = {"Resources", std::string(word)};
    const json::Value* properties =
        resource->is_object() ? json::find(resource->get_object(), "Properties") : nullptr;
    if (properties != nullptr && properties->is_object()) {
      for (const std::string_view name : words) {
        if (json::find(properties->get_object(), name) == nullptr) continue;
        path.insert(path.end(), {"Properties", std::string(name)});
        break;
      }
    }
    return json::line_of(file.text, path);
  }
  return std::nullopt;
}

std::string place_text(const TemplateFile& file, std::optional<std::size_t> line) {
  if (!line || *line == 0) return "";
  return file.path.filename().string() + ":" + std::to_string(*line) + ": ";
}

Error placed(const TemplateFile& file, Error error) {
  std::string& message = error.message;
  if (const auto line = message.rfind(" (line ");
      line != std::string::npos && message.ends_with(')')) {
    message.erase(line);
  }
  message = place_text(file, line_of_message(file, message)) + message;
  return error;
}

}  // namespace stator::cli
