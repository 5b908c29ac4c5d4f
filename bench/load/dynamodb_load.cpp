// One load on one DynamoDB endpoint; prints what came of it as a line of JSON.
//
//   dynamodb_load OPERATION --port N [--pid N] [--connections N] [--seconds N] [--items N]
//                 [--item-bytes N] [--ring N] [--key ID --secret SECRET]
//
// The requests are signed before the load begins, --ring of them, over keys drawn from all.
// OPERATION is GetItem, PutItem, UpdateItem, Query, TransactWriteItems; or create (the tables),
// fill (items of the table `bench`, once each), fill-series, fill-batch (by BatchWriteItem).

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <stdexcept>

#include "requests.hpp"

namespace stator::bench {
namespace {

constexpr std::chrono::minutes kFillTime{10};

using Flags = std::map<std::string, std::string>;

Flags read_flags(int argc, char** argv) {
  Flags flags = {{"--connections", "32"},  {"--seconds", "2"},     {"--items", "1000"},
                 {"--item-bytes", "1024"}, {"--pid", "0"},         {"--port", "4566"},
                 {"--ring", "1024"},       {"--key", "AKIABENCH"}, {"--secret", "benchmark"}};
  for (int i = 2; i + 1 < argc; i += 2) {
    if (!flags.contains(argv[i])) throw std::invalid_argument(argv[i]);
    flags[argv[i]] = argv[i + 1];
  }
  return flags;
}

NextRequest once(std::vector<std::string> requests) {
  return [requests = std::move(requests), at = std::size_t{0}]() mutable -> std::string_view {
    return at < requests.size() ? std::string_view(requests[at++]) : std::string_view();
  };
}

NextRequest requests_of(const std::string& what, Workload& workload, std::size_t ring_size) {
  if (what == "create") {
    std::vector<std::string> requests;
    for (auto& body : table_bodies()) requests.push_back(make_wire(workload, "CreateTable", body));
    return once(std::move(requests));
  }
  if (what == "fill" || what == "fill-series") {
    workload.operation = what == "fill" ? "PutItem" : "PutSeries";
    return sequence_of(workload, workload.items);
  }
  if (what == "fill-batch") {
    workload.operation = "BatchWriteItem";
    return sequence_of(workload, (workload.items + 24) / 25);
  }
  workload.operation = what;
  return ring_of(workload, ring_size);
}

void print(const Outcome& outcome) {
  const double count = double(outcome.answered > 0 ? outcome.answered : 1);
  std::printf(
      "{\"answered\":%llu,\"failed\":%llu,\"per_second\":%.0f,\"cpu_us\":%.2f,\"p50_us\":%llu,"
      "\"p99_us\":%llu,\"body_bytes\":%llu}\n",
      static_cast<unsigned long long>(outcome.answered),
      static_cast<unsigned long long>(outcome.failed), double(outcome.answered) / outcome.seconds,
      outcome.server_cpu_seconds * 1e6 / count, static_cast<unsigned long long>(outcome.p50_us),
      static_cast<unsigned long long>(outcome.p99_us),
      static_cast<unsigned long long>(outcome.body_bytes));
}

int run(int argc, char** argv) {
  if (argc < 2) throw std::invalid_argument("the operation is missing");
  Flags flags = read_flags(argc, argv);
  Target target;
  target.port = static_cast<std::uint16_t>(std::stoul(flags["--port"]));
  target.pid = std::stoi(flags["--pid"]);
  Workload workload;
  workload.items = std::stoull(flags["--items"]);
  workload.item_bytes = std::stoull(flags["--item-bytes"]);
  workload.host = target.host + ":" + flags["--port"];
  workload.credentials = {{flags["--key"]}, {flags["--secret"]}};
  const std::string what = argv[1];
  const NextRequest next = requests_of(what, workload, std::stoul(flags["--ring"]));
  const bool is_fill = what.starts_with("fill") || what == "create";
  const auto time = is_fill ? std::chrono::milliseconds(kFillTime)
                            : std::chrono::milliseconds(long(std::stod(flags["--seconds"]) * 1000));
  const auto connections = what == "create" ? 1u : unsigned(std::stoul(flags["--connections"]));
  const Outcome outcome = run_closed_loop(target, connections, time, next);
  print(outcome);
  if (outcome.failed == 0) return 0;
  std::fprintf(stderr, "%s\n", outcome.first_failure.c_str());
  return 1;
}

}  // namespace
}  // namespace stator::bench

int main(int argc, char** argv) {
  try {
    return stator::bench::run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "dynamodb_load: %s\n", error.what());
    return 2;
  }
}
