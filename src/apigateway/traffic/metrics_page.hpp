#pragma once

#include <memory>
#include <string>
#include <vector>

#include "apigateway/compiled.hpp"

namespace stator::apigateway {

/// The figures of every stage, and of every route with detailed metrics, in Prometheus' text format
/// 0.0.4. There are as many lines as stages and routes have steps: clients cannot add one.
[[nodiscard]] std::string metrics_page(const std::vector<std::shared_ptr<const CompiledApi>>& apis);

}  // namespace stator::apigateway
