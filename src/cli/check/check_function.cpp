#include <algorithm>
#include <array>

#include "cli/check/checker.hpp"
#include "cli/check/runtimes.hpp"

namespace stator::cli {
namespace {

// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
constexpr std::uint64_t kUnpackedMax = 262'144'000;
constexpr std::uint64_t kDirectMax = 52'428'800;
constexpr std::size_t kLayersMax = 5;
constexpr std::size_t kVariablesMax = 4'096;

/// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
constexpr std::array<std::string_view, 17> kReserved = {
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "AWS_DEFAULT_REGION",
    "AWS_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_LAMBDA_RUNTIME_API",
    "LAMBDA_TASK_ROOT",
};

std::string day_text(std::uint32_t day) {
  std::string text = std::to_string(day);
  text.insert(6, "-");
  text.insert(4, "-");
  return text;
}

std::uint32_t day_of(WallTime time) {
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(time));
  return static_cast<std::uint32_t>(static_cast<int>(date.year())) * 10'000 +
         static_cast<unsigned>(date.month()) * 100 + static_cast<unsigned>(date.day());
}

std::string megabytes(std::uint64_t bytes) {
  return std::to_string((bytes + 1'048'575) / 1'048'576) + " MB";
}

/// What every Linux of Lambda has: the parts of glibc, and GCC's.
bool is_of_the_system(std::string_view library) {
  constexpr std::array<std::string_view, 13> kNames = {"libc.so.6",
                                                       "libm.so.6",
                                                       "libpthread.so.0",
                                                       "libdl.so.2",
                                                       "librt.so.1",
                                                       "libresolv.so.2",
                                                       "libutil.so.1",
                                                       "libgcc_s.so.1",
                                                       "libstdc++.so.6",
                                                       "ld-linux-x86-64.so.2",
                                                       "ld-linux-aarch64.so.1",
                                                       "libanl.so.1",
                                                       "libz.so.1"};
  return std::find(kNames.begin(), kNames.end(), library) != kNames.end();
}

std::string base_name(const std::string& name) {
  const auto slash = name.rfind('/');
  return slash == std::string::npos ? name : name.substr(slash + 1);
}

}  // namespace

void Checker::check_runtime(const Resource& resource, const std::string& runtime) {
  const RuntimeFacts* facts = find_runtime(runtime);
  if (facts == nullptr) return;
  const std::uint32_t today = day_of(clock_.wall());
  if (today >= facts->create_blocked) {
    add(Weight::kRefused, resource, "Runtime",
        "AWS makes no new functions of " + runtime + " since " + day_text(facts->create_blocked) +
            (today >= facts->update_blocked
                 ? " and updates none since " + day_text(facts->update_blocked)
                 : ""));
  } else if (today >= facts->deprecated) {
    add(Weight::kNote, resource, "Runtime",
        runtime + " is deprecated since " + day_text(facts->deprecated) +
            "; no new functions after " + day_text(facts->create_blocked));
  }
}

void Checker::check_variables(const Resource& resource) {
  const json::Value* environment = json::find(*resource.properties, "Environment");
  const json::Value* variables = environment != nullptr && environment->is_object()
                                     ? json::find(environment->get_object(), "Variables")
                                     : nullptr;
  if (variables == nullptr || !variables->is_object()) return;
  std::size_t bytes = 0;
  for (const auto& member : variables->get_object()) {
    const std::string_view name(member.key().data(), member.key().size());
    bytes += name.size() + literal(member.value()).value_or("").size();
    if (std::find(kReserved.begin(), kReserved.end(), name) == kReserved.end()) continue;
    add(Weight::kRefused, resource, "Environment",
        "the variable " + std::string(name) + " is Lambda's own");
  }
  if (bytes > kVariablesMax) {
    add(Weight::kRefused, resource, "Environment", "the variables have more than 4 KB");
  }
}

const CodeFacts* Checker::code_of(const std::string& logical_id) const {
  const std::string written = written_resource(file_, logical_id);
  const auto found = code_.find(written);
  if (found != code_.end()) return &found->second;
  const auto shared = code_.find("Globals");
  return shared == code_.end() ? nullptr : &shared->second;
}

std::vector<const CodeFacts*> Checker::parts_of(const Resource& resource) {
  std::vector<const CodeFacts*> parts;
  const json::Value* layers = json::find(*resource.properties, "Layers");
  if (layers == nullptr || !layers->is_array()) return parts;
  for (const json::Value& layer : layers->get_array()) {
    const auto ref =
        layer.is_object() ? json::find_string(layer.get_object(), "Ref") : std::nullopt;
    const auto found = ref ? code_.find(written_resource(file_, *ref)) : code_.end();
    if (found != code_.end()) parts.push_back(&found->second);
  }
  return parts;
}

void Checker::check_function(const Resource& resource) {
  check_name(resource, "FunctionName", 64);
  check_range(resource, "MemorySize", 128, 10'240);
  check_range(resource, "Timeout", 1, 900);
  const std::string runtime = text_of(resource, "Runtime").value_or("");
  check_runtime(resource, runtime);
  check_variables(resource);
  const json::Value* layers = json::find(*resource.properties, "Layers");
  if (layers != nullptr && layers->is_array() && layers->get_array().size() > kLayersMax) {
    add(Weight::kRefused, resource, "Layers", "a function has at most five layers");
  }
  const json::Value* tags = json::find(*resource.properties, "Tags");
  if (tags != nullptr && json::dump(*tags).find("\"stator:") != std::string::npos) {
    add(Weight::kDifferent, resource, "Tags", "tags that begin with stator: do nothing on AWS");
  }
  const json::Value* code = json::find(*resource.properties, "Code");
  if (code != nullptr && code->is_object() &&
      json::find_string(code->get_object(), "S3Bucket") == "hot-reload") {
    add(Weight::kRefused, resource, "Code",
        "hot-reload is no bucket: only stator runs a directory");
  }
  check_code(resource, runtime);
}

void Checker::check_code(const Resource& resource, const std::string& runtime) {
  const CodeFacts* own = code_of(resource.logical_id);
  if (own == nullptr) return;
  std::vector<const CodeFacts*> parts = parts_of(resource);
  std::uint64_t unpacked = own->unpacked_bytes;
  for (const CodeFacts* layer : parts) unpacked += layer->unpacked_bytes;
  if (unpacked > kUnpackedMax) {
    add(Weight::kRefused, resource, "CodeUri",
        "code and layers have " + megabytes(unpacked) + " unpacked, at most 250 MB");
  }
  if (own->packed_bytes > kDirectMax) {
    add(Weight::kNote, resource, "CodeUri",
        "a package of " + megabytes(own->packed_bytes) +
            " goes to Lambda by way of S3 alone, as stator deploy does it");
  }
  if (runtime.starts_with("provided")) {
    const bool has_own = own->executables.contains("bootstrap");
    const bool has_layered = std::any_of(parts.begin(), parts.end(), [](const CodeFacts* layer) {
      return layer->executables.contains("bootstrap");
    });
    if (!has_own && !has_layered) {
      add(Weight::kRefused, resource, "CodeUri",
          own->names.contains("bootstrap") ? "bootstrap is not executable"
                                           : "there is no executable named bootstrap");
    }
  }
  parts.push_back(own);
  for (const CodeFacts* part : parts) {
    for (const CodeFacts::Program& program : part->programs) {
      check_program(resource, program, parts, runtime);
    }
  }
}

void Checker::check_program(const Resource& resource, const CodeFacts::Program& program,
                            const std::vector<const CodeFacts*>& parts,
                            const std::string& runtime) {
  std::string architecture = "x86_64";
  const json::Value* architectures = json::find(*resource.properties, "Architectures");
  if (architectures != nullptr && architectures->is_array() &&
      !architectures->get_array().empty()) {
    architecture = literal(architectures->get_array().front()).value_or(architecture);
  }
  if (program.elf.machine != architecture) {
    return add(
        Weight::kRefused, resource, "Architectures",
        program.name + " is for " + program.elf.machine + ", the function for " + architecture);
  }
  const auto is_packed = [&parts](const std::string& name) {
    return std::any_of(parts.begin(), parts.end(), [&](const CodeFacts* part) {
      return std::any_of(part->names.begin(), part->names.end(),
                         [&](const std::string& each) { return base_name(each) == name; });
    });
  };
  // A package that brings its own loader and C library asks nothing of the system's.
  const std::string& interpreter = program.elf.interpreter;
  const bool has_own_loader = interpreter.starts_with("/opt/") || interpreter.starts_with("/var/");
  if (has_own_loader && !is_packed(base_name(interpreter))) {
    add(Weight::kRefused, resource, "CodeUri",
        program.name + " starts by " + interpreter + ", which no layer brings");
  }
  const RuntimeFacts* facts = find_runtime(runtime);
  const bool has_own_libc = is_packed("libc.so.6");
  if (facts != nullptr && !has_own_libc && program.elf.glibc_minor > facts->glibc_minor) {
    add(Weight::kRefused, resource, "CodeUri",
        program.name + " needs glibc 2." + std::to_string(program.elf.glibc_minor) + ", " +
            runtime + " has 2." + std::to_string(facts->glibc_minor) +
            ": link it statically, or build it there");
  }
  for (const std::string& library : program.elf.needed) {
    if (is_of_the_system(library) || is_packed(library)) continue;
    add(Weight::kDifferent, resource, "CodeUri",
        program.name + " needs " + library +
            ", which neither code nor layers bring: Lambda's Linux may not have it");
  }
}

void Checker::check_layer(const Resource& resource) {
  check_name(resource, "LayerName", 140);
  const auto found = code_.find(written_resource(file_, resource.logical_id));
  if (found == code_.end() || found->second.unpacked_bytes <= kUnpackedMax) return;
  add(Weight::kRefused, resource, "ContentUri",
      "the layer has " + megabytes(found->second.unpacked_bytes) + " unpacked, at most 250 MB");
}

}  // namespace stator::cli
