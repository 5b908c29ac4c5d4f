#include <algorithm>
#include <iostream>

#include "cli/check/checker.hpp"
#include "cli/commands.hpp"
#include "cli/deploy/deployer.hpp"

namespace stator::cli {
namespace {

Result<bool> run(const CheckOptions& options) {
  STATOR_TRY(const TemplateFile file,
             read_template_file(options.template_file, std::filesystem::current_path()));
  STATOR_TRY(const auto split, split_parameters(options.parameters));
  cloudformation::GivenParameters given;
  for (const TemplateParameter& each : split) given[each.key] = each.value.value_or("");
  const SystemClock clock;
  const auto findings = Checker(file, std::move(given), clock).run();
  print_findings(std::cout, file, findings);
  return std::none_of(findings.begin(), findings.end(), [](const Finding& finding) {
    return finding.weight == Finding::Weight::kRefused;
  });
}

}  // namespace

int check(const CheckOptions& options) {
  const auto is_good = run(options);
  if (!is_good) return fail(is_good.error());
  return *is_good ? 0 : 1;
}

}  // namespace stator::cli
