#include "lambda/runtimes/command_line.hpp"

#include <string>

namespace stator::lambda::runtimes {
namespace {

namespace fs = std::filesystem;

/// Of the memory of a Node.js function, what its heap may take; the rest is for buffers and code.
constexpr std::int64_t kHeapPercent = 90;

std::string variable(const FunctionRecord& function, std::string_view name) {
  if (!function.environment) return "";
  for (const auto& [key, value] : *function.environment) {
    if (key == name) return value;
  }
  return "";
}

}  // namespace

void set_command_line(const Interpreter& interpreter, const FunctionRecord& function,
                      bool is_confined, sandbox::Spec& spec) {
  fs::path program = interpreter.executable;
  fs::path client = interpreter.client;
  if (is_confined) {
    spec.mounts.push_back({interpreter.client, kRuntimeRoot});
    client = kRuntimeRoot;
    if (!interpreter.prefix.empty()) {
      spec.mounts.push_back({interpreter.prefix, kLangRoot});
      program = kLangRoot / program.lexically_relative(interpreter.prefix);
    }
  }
  // The client's file comes last: wrapper scripts put further options before it.
  if (const std::string wrapper = variable(function, "AWS_LAMBDA_EXEC_WRAPPER"); !wrapper.empty()) {
    spec.argv.push_back(wrapper);
  }
  spec.argv.push_back(program.string());
  if (interpreter.family == Family::kPython) {
    spec.argv.emplace_back("-S");
  } else {
    spec.argv.push_back("--max-old-space-size=" +
                        std::to_string(function.memory_mb * kHeapPercent / 100));
  }
  spec.argv.push_back((client / interpreter.main_file).string());
}

}  // namespace stator::lambda::runtimes
