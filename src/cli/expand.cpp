#include <iostream>

#include "cli/commands.hpp"
#include "cli/deploy/deployer.hpp"
#include "cli/deploy/pretty_json.hpp"
#include "cloudformation/expansion.hpp"
#include "json/yaml.hpp"

namespace stator::cli {
namespace {

Result<cloudformation::GivenParameters> given_parameters(const std::vector<std::string>& pairs) {
  STATOR_TRY(const auto split, split_parameters(pairs));
  cloudformation::GivenParameters given;
  for (const TemplateParameter& each : split) given[each.key] = each.value.value_or("");
  return given;
}

Result<void> run(const ExpandOptions& options, std::ostream& out) {
  STATOR_TRY(const TemplateFile file,
             read_template_file(options.template_file, std::filesystem::current_path()));
  STATOR_TRY(const auto given, given_parameters(options.parameters));
  const json::Value* declared = json::find(file.body, "Parameters");
  for (const auto& [key, value] : given) {
    if (declared == nullptr || !declared->is_object() ||
        json::find(declared->get_object(), key) == nullptr) {
      return invalid("the template has no parameter " + key);
    }
  }
  const std::string name = default_stack_name(file);
  const cloudformation::StackIdentity stack{.name = name,
                                            .id = std::string("arn:aws:cloudformation:") +
                                                  kDefaultRegion + ":000000000000:stack/" + name +
                                                  "/00000000-0000-0000-0000-000000000000",
                                            .account = "000000000000",
                                            .region = kDefaultRegion};
  // What a deployment packages is in S3 by the time that a transform sees it.
  const bool has_local = !local_paths(file.body, "").empty();
  auto expansion = has_local ? cloudformation::expand_text(
                                   json::dump(with_pretended_places(file.body)), given, stack)
                             : cloudformation::expand_text(file.text, given, stack);
  if (!expansion && has_local) return placed(file, expansion.error());
  if (!expansion) return expansion.error();
  const json::Value body(std::move(expansion->body));
  if (options.format == "json") {
    out << pretty_json(body);
  } else {
    out << json::dump_yaml(body);
  }
  out.flush();
  return {};
}

}  // namespace

int expand_template(const ExpandOptions& options) {
  const auto outcome = run(options, std::cout);
  return outcome ? 0 : fail(outcome.error());
}

}  // namespace stator::cli
