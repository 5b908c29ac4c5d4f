#include "cli/deploy/deployer.hpp"

#include <algorithm>

#include "cli/template_place.hpp"
#include "crypto/crypto.hpp"

namespace stator::cli {
namespace {

/// What CloudFormation takes as text; a larger one goes through the bucket.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
constexpr std::size_t kTemplateBodyMax = 51'200;

/// AWS limits how often it is asked, and takes its time.
constexpr Patience kAwsPatience{.poll_first = std::chrono::milliseconds(500),
                                .poll_max = std::chrono::milliseconds(3'000),
                                .wait_max = std::chrono::minutes(60)};

/// Leaves the file's path in the template, so that `stator explain` can point into the file.
void name_file(json::Object& body, const std::filesystem::path& file) {
  json::Value& metadata = body["Metadata"];
  if (metadata.is_null()) metadata = json::Object();
  if (metadata.is_object()) metadata.get_object()[kTemplateMetadata] = file.string();
}

/// What is given, and what the stack has of the rest: a deployment that does not name a parameter
/// leaves it as it is.
std::vector<TemplateParameter> merge_parameters(std::vector<TemplateParameter> given,
                                                const json::Object& body,
                                                const std::vector<std::string>& previous) {
  const json::Value* declared = json::find(body, "Parameters");
  if (declared == nullptr || !declared->is_object()) return given;
  for (const std::string& key : previous) {
    const bool is_given = std::any_of(given.begin(), given.end(),
                                      [&](const auto& parameter) { return parameter.key == key; });
    if (!is_given && json::find(declared->get_object(), key) != nullptr) {
      given.push_back({key, std::nullopt});
    }
  }
  return given;
}

bool is_stack_name(std::string_view name) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (name.empty() || name.size() > 128 || !is_letter(name.front())) return false;
  return std::all_of(name.begin(), name.end(),
                     [&](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '-'; });
}

}  // namespace

Result<std::vector<TemplateParameter>> split_parameters(const std::vector<std::string>& pairs) {
  std::vector<TemplateParameter> parameters;
  for (const std::string& pair : pairs) {
    const auto equals = pair.find('=');
    if (equals == std::string::npos || equals == 0) {
      return invalid("--param takes Name=Value, not '" + pair + "'");
    }
    parameters.push_back({pair.substr(0, equals), pair.substr(equals + 1)});
  }
  return parameters;
}

Patience patience_of(const AwsClient& client) {
  // What stands for AWS on this machine answers as fast as it can.
  return client.connection().is_public() ? kAwsPatience : Patience();
}

Result<Stack::Wanted> Deployer::want(const DeployOptions& options, const TemplateFile& file,
                                     json::Object body, const std::optional<Stack::State>& state) {
  Stack::Wanted wanted;
  wanted.is_update = state && !state->is_in_review();
  wanted.change_set = "stator-" + std::to_string(epoch_ms(parts_.clock.wall()));
  STATOR_TRY(auto given, split_parameters(options.parameters));
  wanted.parameters = merge_parameters(
      std::move(given), body, wanted.is_update ? state->parameters : std::vector<std::string>());
  if (!parts_.client.connection().is_aws) name_file(body, file.path);
  std::string text = json::dump(body);
  if (text.size() <= kTemplateBodyMax) {
    wanted.template_body = std::move(text);
    return wanted;
  }
  const std::string key = crypto::sha256_hex(text) + ".template";
  STATOR_TRY_VOID(
      artifacts_->put(key, "application/json", [&text]() -> Result<std::string> { return text; }));
  wanted.template_url = artifacts_->url_of(key);
  return wanted;
}

/// A stack whose creation failed has nothing and can only be deleted.
Result<std::optional<Stack::State>> Deployer::clear_failed(const std::string& name,
                                                           std::optional<Stack::State> state) {
  if (!state || (state->status != "ROLLBACK_COMPLETE" && state->status != "CREATE_FAILED")) {
    return state;
  }
  if (state->status == "CREATE_FAILED") {
    return conflict("stack " + name + " is CREATE_FAILED: `stator delete " + name +
                    "` takes what is there of it away");
  }
  parts_.out << "stack " << name << " never came to be (" << state->status
             << "): deleting it first\n";
  Stack stack(parts_.client, name, patience_of(parts_.client));
  STATOR_TRY_VOID(stack.remove());
  STATOR_TRY(const auto left, stack.wait([](const Stack::Event&) {}));
  if (left && left->status != "DELETE_COMPLETE") {
    return internal("stack " + name + " is " + left->status + ": " + left->reason);
  }
  return std::optional<Stack::State>();
}

Result<void> Deployer::confirm(const ChangePlan& plan, const DeployOptions& options) {
  const std::string warning = warning_of(plan);
  if (warning.empty()) return {};
  parts_.out << "data would be lost:\n" << warning << std::flush;
  if (options.is_yes) return {};
  if (!parts_.ask) {
    return Error{ErrorCode::kPrecondition,
                 "nothing was done: this needs --yes, or a terminal to ask on"};
  }
  if (!parts_.ask("go on? [y/N] ")) {
    return Error{ErrorCode::kPrecondition, "nothing was done"};
  }
  return {};
}

Result<void> Deployer::carry_out(Stack& stack, const TemplateFile& file,
                                 const DeployOptions& options) {
  const auto begun = parts_.clock.steady();
  STATOR_TRY_VOID(stack.execute(options.is_rollback_disabled));
  Progress progress(parts_.out, parts_.look);
  const auto state =
      stack.wait([&progress](const Stack::Event& event) { progress.on_event(event); });
  progress.end();
  if (!state) return state.error();
  if (!*state || !(*state)->is_good()) {
    const std::string failures = progress.failures(&file);
    const std::string status = *state ? (*state)->status : "gone";
    const std::string reason = *state && failures.empty() ? (*state)->reason : "";
    return internal(failures + (failures.empty() ? "" : "\n") + "stack " + stack.name() + " is " +
                    status + (reason.empty() ? "" : ": " + reason));
  }
  const auto took =
      std::chrono::duration_cast<std::chrono::milliseconds>(parts_.clock.steady() - begun);
  if (options.is_brief) return {};
  parts_.out << "stack " << stack.name() << " is " << (*state)->status << "  "
             << duration_text(took.count()) << "\n";
  print_outputs(*state);
  return {};
}

void Deployer::print_outputs(const std::optional<Stack::State>& state) {
  if (!state) return;
  for (const auto& [key, value] : state->outputs) {
    parts_.out << "  " << key << " = " << value << "\n";
  }
  parts_.out << std::flush;
}

Result<Deployer::Outcome> Deployer::deploy(const DeployOptions& options) {
  STATOR_TRY(TemplateFile file,
             read_template_file(options.template_file, std::filesystem::current_path()));
  const std::string name = options.stack.empty() ? default_stack_name(file) : options.stack;
  if (!is_stack_name(name)) {
    return invalid("'" + name +
                   "' is no name for a stack: a letter, then letters, digits and "
                   "hyphens, at most 128");
  }
  if (!artifacts_) artifacts_.emplace(parts_.client);
  auto packaged = package(file.body, file.path.parent_path(), *artifacts_, parts_.cache);
  if (!packaged) return placed(file, packaged.error());
  parts_.cache.save();
  if (parts_.client.connection().is_aws) {
    STATOR_TRY_VOID(artifacts_->open());
    parts_.out << "AWS account " << artifacts_->account() << ", "
               << parts_.client.connection().region << std::endl;
  }
  if (packaged->uploaded > 0 && !options.is_brief) {
    parts_.out << "uploaded " << packaged->uploaded << " new package(s)" << std::endl;
  }

  Stack stack(parts_.client, name, patience_of(parts_.client));
  STATOR_TRY(auto found, stack.describe());
  STATOR_TRY(const auto state, clear_failed(name, std::move(found)));
  STATOR_TRY(const auto wanted, want(options, file, std::move(packaged->template_body), state));
  const auto plan = stack.plan(wanted);
  if (!plan) return placed(file, plan.error());
  Outcome outcome{
      .stack = name, .is_changed = plan->has_value(), .paths = std::move(packaged->paths)};
  if (!outcome.is_changed) {
    parts_.out << "stack " << name << ": nothing has changed\n";
    if (!options.is_brief) print_outputs(state);
    return outcome;
  }
  if (!options.is_brief || !warning_of(**plan).empty()) {
    parts_.out << "stack " << name << ": " << summary_of(**plan) << "\n";
    print_plan(parts_.out, **plan, parts_.look.has_colour);
  }
  if (auto allowed = confirm(**plan, options); !allowed) {
    (void)stack.discard();
    return allowed.error();
  }
  STATOR_TRY_VOID(carry_out(stack, file, options));
  return outcome;
}

}  // namespace stator::cli
