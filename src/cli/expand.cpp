#include <iostream>

#include "cli/commands.hpp"
#include "cli/deploy/deployer.hpp"
#include "cli/deploy/pretty_json.hpp"
#include "cloudformation/sam/expand.hpp"
#include "json/yaml.hpp"

namespace stator::cli {
namespace {

Result<void> run(const ExpandOptions& options, std::ostream& out) {
  STATOR_TRY(const TemplateFile file,
             read_template_file(options.template_file, std::filesystem::current_path()));
  auto expanded = cloudformation::sam::expand(file.body);
  if (!expanded) {
    Error error = expanded.error();
    error.message = place_text(file, line_of_message(file, error.message)) + error.message;
    return error;
  }
  const json::Value value(*std::move(expanded));
  if (options.format == "json") {
    out << pretty_json(value);
  } else {
    out << json::dump_yaml(value);
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
