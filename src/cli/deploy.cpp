#include <iostream>

#include "base/file.hpp"
#include "cli/commands.hpp"
#include "cli/package.hpp"
#include "cli/stack.hpp"
#include "cli/template_place.hpp"
#include "cloudformation/yaml_loader.hpp"

namespace stator::cli {
namespace {

Result<Parameters> split_parameters(const std::vector<std::string>& pairs) {
  Parameters parameters;
  for (const std::string& pair : pairs) {
    const auto equals = pair.find('=');
    if (equals == std::string::npos || equals == 0) {
      return invalid("--parameter takes Name=Value, not '" + pair + "'");
    }
    parameters.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
  }
  return parameters;
}

/// One line for each resource that is done, or failed and why.
void print_event(const Stack::Event& event) {
  if (event.status.ends_with("_IN_PROGRESS") && event.reason.empty()) return;
  std::cout << "  " << event.status;
  for (std::size_t i = event.status.size(); i < 20; ++i) std::cout << ' ';
  std::cout << event.logical_id << " (" << event.type << ")";
  if (!event.reason.empty()) std::cout << ": " << event.reason;
  std::cout << std::endl;
}

Result<void> report(const std::string& name, const std::optional<Stack::State>& state) {
  if (!state || (state->status != "CREATE_COMPLETE" && state->status != "UPDATE_COMPLETE")) {
    return internal("stack " + name + " is " + (state ? state->status : "gone") +
                    (state && !state->reason.empty() ? ": " + state->reason : ""));
  }
  std::cout << "stack " << name << " is " << state->status << std::endl;
  for (const auto& [key, value] : state->outputs) {
    std::cout << "  " << key << " = " << value << std::endl;
  }
  return {};
}

/// Leaves the file's path in the template, so that `stator explain` can point into the file.
void name_file(json::Object& body, const std::filesystem::path& file) {
  json::Value& metadata = body["Metadata"];
  if (metadata.is_null()) metadata = json::Object();
  if (metadata.is_object()) metadata.get_object()[kTemplateMetadata] = file.string();
}

Result<void> run(const DeployOptions& options) {
  const std::filesystem::path file = std::filesystem::absolute(options.template_file);
  const std::string name =
      options.stack.empty() ? file.parent_path().filename().string() : options.stack;
  STATOR_TRY(const Parameters parameters, split_parameters(options.parameters));
  STATOR_TRY(const std::string text, read_file(file, 1u << 20));
  STATOR_TRY(json::Object body, cloudformation::load_template(text));
  STATOR_TRY(Connection connection, connect(options.target));

  const SystemClock clock;
  AwsClient client(std::move(connection), clock);
  STATOR_TRY(Packaged packaged, package(std::move(body), file.parent_path(), client));
  std::cout << "uploaded " << packaged.uploaded << " new package(s)" << std::endl;

  name_file(packaged.template_body, file);
  Stack stack(client, name);
  STATOR_TRY(const Stack::Change change,
             stack.apply(json::dump(packaged.template_body), parameters));
  if (change == Stack::Change::kUnchanged) std::cout << "nothing has changed" << std::endl;
  STATOR_TRY(const auto state, stack.wait(print_event));
  return report(name, state);
}

}  // namespace

int fail(const Error& error) {
  std::cerr << "stator: " << (error.aws_type.empty() ? "" : error.aws_type + ": ") << error.message
            << std::endl;
  return 1;
}

int deploy(const DeployOptions& options) {
  const auto outcome = run(options);
  return outcome ? 0 : fail(outcome.error());
}

int delete_stack(const DeleteOptions& options) {
  auto connection = connect(options.target);
  if (!connection) return fail(connection.error());
  const SystemClock clock;
  AwsClient client(*std::move(connection), clock);
  Stack stack(client, options.stack);
  if (const auto begun = stack.remove(); !begun) return fail(begun.error());
  const auto state = stack.wait(print_event);
  if (!state) return fail(state.error());
  if (*state && (*state)->status != "DELETE_COMPLETE") {
    return fail(
        internal("stack " + options.stack + " is " + (*state)->status + ": " + (*state)->reason));
  }
  std::cout << "stack " << options.stack << " is gone" << std::endl;
  return 0;
}

}  // namespace stator::cli
