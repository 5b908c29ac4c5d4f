#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/file.hpp"
#include "sandbox/fd_socket.hpp"
#include "sandbox/launcher.hpp"
#include "sandbox/launcher_tags.hpp"
#include "sandbox/posix.hpp"
#include "sandbox/root_image.hpp"

/// The launcher's way from a Start to a Started or a Failed.
namespace stator::sandbox {
namespace {

Result<std::pair<UniqueFd, UniqueFd>> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return errno_error("pipe");
  return std::pair(UniqueFd(ends[0]), UniqueFd(ends[1]));
}

/// What went wrong in the child, in words for the caller. What a Spec can cause is kInvalid.
Error explain(const StepFailure& failure, const std::string& program) {
  const std::string reason = std::strerror(failure.error);
  if (failure.step == Step::kExecute) {
    std::string text = "cannot execute " + program + ": " + reason;
    if (failure.error == ENOENT) text += " (it, or the interpreter it names, is missing)";
    if (failure.error == EACCES) {
      text += " (it and the directories above it must be readable and executable for all users)";
    }
    const bool machine = failure.error == EAGAIN || failure.error == ENOMEM;
    return machine ? unavailable(text) : invalid(text);
  }
  std::string text =
      std::string("a new sandbox could not ") + to_string(failure.step) + ": " + reason;
  return failure.step == Step::kDirectory ? invalid(text) : unavailable(text);
}

}  // namespace

std::optional<KitIdentity> LauncherProcess::take_identity() {
  if (free_slots_.empty()) return std::nullopt;
  const std::uint32_t slot = free_slots_.back();
  free_slots_.pop_back();
  const bool own_user = isolation_ == Isolation::kRoot || switches_user_;
  // In a user namespace of an ordinary user there is one id to map.
  const std::uint32_t id = own_user ? kFirstUid + slot : 0;
  return KitIdentity{slot, id, id};
}

void LauncherProcess::on_start(Start start) {
  if (const auto valid = check_spec(start.spec); !valid) {
    return tell_failed(start.id, valid.error());
  }
  if (!has_namespaces()) {
    if (start.spec.network == Network::kInternet) {
      return tell_failed(start.id, unavailable("without namespaces a function has the host's "
                                               "network, not network `internet`"));
    }
    const auto identity = take_identity();
    if (!identity) return tell_failed(start.id, unavailable("too many sandboxes are running"));
    auto groups = cgroups_->create();
    if (groups) {
      return launch(std::move(start), {*identity, std::nullopt, std::move(*groups)});
    }
    free_slots_.push_back(identity->slot);
    return tell_failed(start.id, groups.error());
  }
  if (waiting_.size() >= kStartsWaitingMax) {
    return tell_failed(start.id, unavailable("too many sandboxes are being started"));
  }
  waiting_.push_back(std::move(start));
  serve_waiting();
  refill_kits();
}

void LauncherProcess::refill_kits() {
  const bool has_enough = kits_.size() + preparer_->pending() >= kKitsReady / 2;
  is_refill_due_ = waiting_.empty() && has_enough;
  if (!is_refill_due_) order_kits();
}

void LauncherProcess::serve_waiting() {
  while (!waiting_.empty() && !kits_.empty()) {
    Start start = std::move(waiting_.front());
    waiting_.pop_front();
    Furnished furnished = std::move(kits_.front());
    kits_.pop_front();
    launch(std::move(start), std::move(furnished));
  }
}

void LauncherProcess::order_kits() {
  while (kits_.size() + preparer_->pending() < kKitsReady + waiting_.size()) {
    const auto identity = take_identity();
    if (!identity) break;
    if (!preparer_->order(*identity)) {
      server_gone_ = true;
      return;
    }
  }
  // All slots are taken by running sandboxes: nothing will come for those who wait.
  while (!waiting_.empty() && kits_.empty() && preparer_->pending() == 0) {
    tell_failed(waiting_.front().id, unavailable("too many sandboxes are running"));
    waiting_.pop_front();
  }
}

Result<Furnished> LauncherProcess::furnish(KitAnswer answer) {
  if (!answer.kit) return std::move(answer.kit).error();
  STATOR_TRY(auto group, cgroups_->create());
  return Furnished{answer.identity, std::move(*answer.kit), std::move(group)};
}

void LauncherProcess::on_preparer() {
  auto answer = preparer_->receive();
  if (!answer) {
    // Nothing can be started any more, so this process ends and the server learns of it.
    std::fprintf(stderr, "stator launcher: %s\n", answer.error().message.c_str());
    server_gone_ = true;
    return;
  }
  const std::uint32_t slot = answer->identity.slot;
  auto furnished = furnish(std::move(*answer));
  if (furnished) {
    kits_.push_back(std::move(*furnished));
    return serve_waiting();
  }
  free_slots_.push_back(slot);
  // One failure fails one start; the others and the next start order again.
  if (waiting_.empty()) return;
  tell_failed(waiting_.front().id, unavailable(furnished.error().message));
  waiting_.pop_front();
  order_kits();
}

void LauncherProcess::launch(Start start, Furnished furnished) {
  Running& running = running_[start.id];
  running.id = start.id;
  running.identity = furnished.identity;
  running.kit = std::move(furnished.kit);
  running.group = std::move(furnished.group);
  running.memory_bytes_max = start.spec.memory_bytes_max;
  if (running.kit) watch(running.kit->init.get(), tag_of(start.id, Event::kInit));
  running.init_ended = !running.kit;
  running.program_ended = true;
  if (start.spec.network != Network::kInternet) return run(start, running);
  if (auto begun = connect(std::move(start), running); !begun) {
    fail(running, std::move(begun).error());
  }
}

/// Fences first, then the way out; the program starts when that is ready.
Result<void> LauncherProcess::connect(Start start, Running& running) {
  STATOR_TRY_VOID(fence_off_private_ranges(running.kit->routes.get()));
  STATOR_TRY(auto uplink, preparer_->start_uplink(*running.kit));
  running.uplink.emplace(std::move(uplink));
  running.awaiting = std::move(start);
  watch(running.uplink->descriptor(), tag_of(running.id, Event::kUplink));
  return {};
}

void LauncherProcess::on_uplink(Running& running) {
  if (!running.awaiting) return;
  unwatch(running.uplink->descriptor());
  if (auto ready = running.uplink->await_ready(); !ready) {
    return fail(running, std::move(ready).error());
  }
  const Start start = std::move(*running.awaiting);
  running.awaiting.reset();
  run(start, running);
}

void LauncherProcess::run(const Start& start, Running& running) {
  if (auto started = prepare_and_clone(start, running); !started) {
    return fail(running, std::move(started).error());
  }
  running.state = Running::State::kRunning;
  tell_started(running);
}

/// Answers a start by an error and ends what there is of the sandbox.
void LauncherProcess::fail(Running& running, Error error) {
  running.awaiting.reset();
  tell_failed(running.id, std::move(error));
  kill(running);
  finish_if_over(running);
}

Result<std::vector<std::uint16_t>> LauncherProcess::open_ports(const Start& start,
                                                               Running& running) {
  const bool has_own_ports = running.kit && start.spec.network != Network::kHost;
  std::vector<std::uint16_t> numbers;
  for (std::size_t i = 0; i < start.spec.ports.size(); ++i) {
    UniqueFd socket;
    if (has_own_ports) {
      socket = std::move(running.kit->sockets[i]);
    } else {
      socket = UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
      if (!socket) return errno_error("socket");
    }
    const std::uint16_t wanted = has_own_ports ? start.spec.ports[i].number : 0;
    STATOR_TRY(const auto number, listen_on_loopback(socket.get(), wanted));
    numbers.push_back(number);
    running.listeners.push_back(std::move(socket));
  }
  for (std::size_t i = 0; i < start.spec.connectors; ++i) {
    running.connectors.push_back(running.kit
                                     ? std::move(running.kit->sockets[start.spec.ports.size() + i])
                                     : UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)));
    if (!running.connectors.back()) return errno_error("socket");
  }
  if (running.kit) running.kit->sockets.clear();
  return numbers;
}

/// What answers questions of names: slirp4netns, or whatever the host asks.
Result<UniqueFd> LauncherProcess::add_names(const Spec& spec, ProgramPlan& plan) {
  if (spec.network == Network::kNone) return UniqueFd();
  const std::filesystem::path file =
      spec.network == Network::kInternet ? uplink_names(root_) : "/etc/resolv.conf";
  auto tree = copy_file(file);
  // A host without that file asks nobody, and neither does the program.
  if (!tree && spec.network == Network::kHost) return UniqueFd();
  if (tree) plan.further_trees.emplace_back(tree->get(), "/etc/resolv.conf");
  return tree;
}

Result<void> LauncherProcess::prepare_and_clone(const Start& start, Running& running) {
  const Spec& spec = start.spec;
  STATOR_TRY(const auto ports, open_ports(start, running));
  ProgramPlan plan = plan_from(spec, ports, has_namespaces(), {cgroups_->has_memory()});
  UniqueFd code_tree, layers_tree, names;
  std::vector<UniqueFd> further_trees;
  if (running.kit) {
    STATOR_TRY(code_tree, copy_tree(spec.code));
    if (!spec.layers.empty()) {
      STATOR_TRY(const auto merged, layers_->merged(spec.layers));
      STATOR_TRY(layers_tree, copy_tree(merged));
    }
    for (const auto& [directory, inside] : spec.mounts) {
      STATOR_TRY(auto tree, copy_tree(directory));
      plan.further_trees.emplace_back(tree.get(), inside);
      further_trees.push_back(std::move(tree));
    }
    STATOR_TRY(names, add_names(spec, plan));
    plan.namespaces = &running.kit->namespaces;
    plan.joins_network = spec.network != Network::kHost;
    plan.code_tree = code_tree.get();
    plan.layers_tree = layers_tree.get();
  } else {
    plan.uid = running.identity.uid;
    plan.gid = running.identity.gid;
  }
  STATOR_TRY_VOID(running.group.limit(
      {spec.memory_bytes_max, spec.processes_max, spec.cpu_millis, spec.is_cpu_capped}));
  plan.join_files = running.group.join_files();
  plan.filter = &filter_;
  plan.self_check = start.id == kSelfTestId;
  STATOR_TRY(auto output, make_pipe());
  plan.input = null_.get();
  plan.output = output.second.get();
  running.output = std::move(output.first);
  ::fcntl(running.output.get(), F_SETFL, O_NONBLOCK);
  STATOR_TRY_VOID(clone_companions(start, running, plan));
  return clone_program(running, plan);
}

Result<void> LauncherProcess::clone_companions(const Start& start, Running& running,
                                               ProgramPlan& plan) {
  for (const auto& argv : start.spec.companions) {
    ProgramPlan beside = plan;
    beside.argv = argv;
    if (!has_namespaces()) beside.argv.front() = host_path(argv.front(), start.spec.code);
    beside.working_directory = "/";
    STATOR_TRY(auto process, clone_one(running, beside, Event::kCompanion));
    running.companions.push_back({static_cast<std::uint32_t>(running.companions.size() + 1),
                                  process.first, std::move(process.second)});
    if (failure_->failed) return explain(*failure_, argv.front());
    plan.is_furnished = true;
  }
  return {};
}

Result<void> LauncherProcess::clone_program(Running& running, ProgramPlan& plan) {
  STATOR_TRY(auto process, clone_one(running, plan, Event::kProgram));
  running.program = process.first;
  running.program_pidfd = std::move(process.second);
  running.program_ended = false;
  if (failure_->failed) return explain(*failure_, plan.argv.front());
  return {};
}

Result<std::pair<pid_t, UniqueFd>> LauncherProcess::clone_one(Running& running, ProgramPlan& plan,
                                                              Event event) {
  plan.failure = failure_;
  point_to_texts(plan);
  *failure_ = {};
  // The next child goes into the kit's pid namespace.
  if (running.kit && ::setns(running.kit->namespaces.pid.get(), CLONE_NEWPID) != 0) {
    return errno_error("join a pid namespace");
  }
  int pidfd = -1;
  CloneArguments arguments;
  arguments.flags = CLONE_PIDFD;
  arguments.pidfd = &pidfd;
  arguments.exit_signal = SIGCHLD;
  arguments.cgroup = running.group.clone_into();
  const pid_t process = clone_and_wait(
      arguments, [](void* argument) { run_program(*static_cast<ProgramPlan*>(argument)); }, &plan);
  const int clone_error = errno;
  // A namespace that stays the place of future children is held open by that.
  if (running.kit) (void)::setns(own_pid_namespace_.get(), CLONE_NEWPID);
  if (process < 0) return unavailable(std::string("no new process: ") + std::strerror(clone_error));
  UniqueFd handle(pidfd);
  watch(handle.get(), tag_of(running.id, event));
  return std::pair(process, std::move(handle));
}

void LauncherProcess::tell_started(Running& running) {
  if (running.id == kSelfTestId) return;
  Started started{running.id, running.program};
  std::vector<int> descriptors{running.output.get()};
  for (const UniqueFd& listener : running.listeners) descriptors.push_back(listener.get());
  started.listeners = static_cast<std::uint32_t>(running.listeners.size());
  for (const UniqueFd& connector : running.connectors) descriptors.push_back(connector.get());
  started.connectors = static_cast<std::uint32_t>(running.connectors.size());
  started.has_kit = running.kit.has_value();
  if (running.kit) {
    descriptors.push_back(running.kit->init.get());
    descriptors.push_back(running.program_pidfd.get());
  }
  const UniqueFd memory = running.group.open_usage();
  started.has_memory_file = static_cast<bool>(memory);
  if (memory) descriptors.push_back(memory.get());
  send(started, descriptors);
  running.told_started = true;
  running.output.reset();
  running.listeners.clear();
  running.connectors.clear();
  // Held open, they would outlive the sandbox's end by as long as this process knows of it.
  if (!running.kit) return;
  running.kit->namespaces = {};
  running.kit->routes.reset();
}

void LauncherProcess::tell_failed(std::uint64_t id, Error error) {
  if (id == kSelfTestId) {
    if (!self_test_) self_test_ = Result<void>(std::move(error));
    return;
  }
  send(Failed{id, error.code, std::move(error.message)});
}

}  // namespace stator::sandbox
