#include "lambda/runtimes/identifiers.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/strings.hpp"
#include "lambda/errors.hpp"

namespace stator::lambda::runtimes {
namespace {

/// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
struct Known {
  std::string_view identifier;
  Family family;
  int version;
};
constexpr std::array<Known, 12> kServed = {{{"nodejs18.x", Family::kNode, 18},
                                            {"nodejs20.x", Family::kNode, 20},
                                            {"nodejs22.x", Family::kNode, 22},
                                            {"nodejs24.x", Family::kNode, 24},
                                            {"provided.al2", Family::kProvided, 0},
                                            {"provided.al2023", Family::kProvided, 0},
                                            {"python3.9", Family::kPython, 9},
                                            {"python3.10", Family::kPython, 10},
                                            {"python3.11", Family::kPython, 11},
                                            {"python3.12", Family::kPython, 12},
                                            {"python3.13", Family::kPython, 13},
                                            {"python3.14", Family::kPython, 14}}};

/// AWS has them; there is no client for them here.
constexpr std::array<std::string_view, 12> kOthers = {
    "dotnet10",  "dotnet8", "dotnet9", "java11",  "java17",  "java21",
    "java8.al2", "java25",  "ruby3.2", "ruby3.3", "ruby3.4", "ruby4.0"};

/// No longer taken by AWS.
constexpr std::array<std::string_view, 26> kRetired = {
    "dotnet5.0",     "dotnet6",    "dotnet7",    "dotnetcore1.0", "dotnetcore2.0",  "dotnetcore2.1",
    "dotnetcore3.1", "go1.x",      "java8",      "nodejs",        "nodejs0.10",     "nodejs10.x",
    "nodejs12.x",    "nodejs14.x", "nodejs16.x", "nodejs4.3",     "nodejs4.3-edge", "nodejs6.10",
    "nodejs8.10",    "provided",   "python2.7",  "python3.6",     "python3.7",      "python3.8",
    "ruby2.5",       "ruby2.7"};

std::string all_identifiers() {
  std::vector<std::string> all(kOthers.begin(), kOthers.end());
  for (const auto& known : kServed) all.emplace_back(known.identifier);
  std::sort(all.begin(), all.end());
  return join(all, ", ");
}

}  // namespace

Result<Wanted> parse_identifier(std::string_view identifier) {
  for (const auto& known : kServed) {
    if (known.identifier == identifier) return Wanted{known.family, known.version};
  }
  const std::string name(identifier);
  if (std::find(kRetired.begin(), kRetired.end(), identifier) != kRetired.end()) {
    return invalid_parameter("The runtime parameter of " + name +
                             " is no longer supported for creating or updating AWS Lambda "
                             "functions. We recommend you use a supported runtime while creating "
                             "or updating functions.");
  }
  if (std::find(kOthers.begin(), kOthers.end(), identifier) != kOthers.end()) {
    return invalid_parameter(
        "Value " + name +
        " at 'runtime' is not supported by stator, which runs provided.al2023, "
        "provided.al2, python3.x and nodejs.x functions.");
  }
  return invalid_parameter("Value " + name +
                           " at 'runtime' failed to satisfy constraint: Member must satisfy enum "
                           "value set: [" +
                           all_identifiers() + "] or be a valid ARN");
}

}  // namespace stator::lambda::runtimes
