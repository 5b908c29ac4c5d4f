#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "cli/check/code_facts.hpp"
#include "cli/deploy/template_file.hpp"
#include "cloudformation/parameters.hpp"
#include "json/json.hpp"

namespace stator::cli {

/// One thing about a template that AWS sees differently.
struct Finding {
  enum class Weight : std::uint8_t {
    kRefused,    ///< AWS does not deploy it, or what it deploys cannot run
    kDifferent,  ///< it deploys and is not the same there
    kNote        ///< worth knowing beforehand
  };
  Weight weight = Weight::kNote;
  std::size_t line = 0;  ///< 0 where it is about the whole template
  std::string resource;  ///< as the template names it, or ""
  std::string text;
};

/// Compares a template and the code that it names with what AWS takes. Asks no server.
class Checker {
 public:
  Checker(const TemplateFile& file, cloudformation::GivenParameters given, const Clock& clock)
      : file_(file), given_(std::move(given)), clock_(clock) {}

  /// In the order of lines. What cannot be expanded is one finding.
  [[nodiscard]] std::vector<Finding> run();

 private:
  using Weight = Finding::Weight;
  /// A resource of the expanded template with its literal values.
  struct Resource {
    std::string logical_id, type;
    const json::Object* properties;
  };

  void add(Weight weight, const std::string& resource, std::vector<std::string> steps,
           std::string text);
  void add(Weight weight, const Resource& resource, std::string_view property, std::string text);
  [[nodiscard]] std::optional<std::string> text_of(const Resource& resource,
                                                   std::string_view property) const;
  [[nodiscard]] std::optional<std::string> literal(const json::Value& value) const;
  [[nodiscard]] std::optional<std::int64_t> number_of(const Resource& resource,
                                                      std::string_view property) const;
  [[nodiscard]] const CodeFacts* code_of(const std::string& logical_id) const;

  void read_code();
  [[nodiscard]] bool expand();
  void check_template();
  void check_capabilities();
  void check_range(const Resource& resource, std::string_view property, std::int64_t least,
                   std::int64_t most);
  void check_name(const Resource& resource, std::string_view property, std::size_t longest);
  void check_resource(const Resource& resource);

  void check_function(const Resource& resource);
  void check_runtime(const Resource& resource, const std::string& runtime);
  void check_variables(const Resource& resource);
  void check_code(const Resource& resource, const std::string& runtime);
  void check_program(const Resource& resource, const CodeFacts::Program& program,
                     const std::vector<const CodeFacts*>& parts, const std::string& runtime);
  [[nodiscard]] std::vector<const CodeFacts*> parts_of(const Resource& resource);
  void check_layer(const Resource& resource);

  const TemplateFile& file_;
  cloudformation::GivenParameters given_;
  const Clock& clock_;
  std::vector<Finding> findings_;
  json::Object expanded_;
  std::vector<Resource> resources_;
  std::map<std::string, std::string> parameters_;  ///< those with a value
  std::map<std::string, CodeFacts> code_;          ///< by the resource that the template names
};

/// "template.yaml:12: refused  Hello: ..." a line each, and a sum.
void print_findings(std::ostream& out, const TemplateFile& file,
                    const std::vector<Finding>& findings);

}  // namespace stator::cli
