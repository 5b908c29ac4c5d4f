#pragma once

#include "lambda/record.hpp"
#include "lambda/runtimes/registry.hpp"
#include "sandbox/sandbox.hpp"

namespace stator::lambda::runtimes {

/// Makes `spec` start the function with its interpreter, by way of its AWS_LAMBDA_EXEC_WRAPPER
/// where it has one. Without a root of its own (`is_confined` false) the host's paths are used.
/// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html
void set_command_line(const Interpreter& interpreter, const FunctionRecord& function,
                      bool is_confined, sandbox::Spec& spec);

}  // namespace stator::lambda::runtimes
