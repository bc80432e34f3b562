#include "tools/session.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fcntl.h>
#include <unistd.h>

namespace cairn::tool {
namespace {

constexpr int exit_failures = 1;
constexpr int exit_usage = 2;
constexpr int exit_signal = 128;
constexpr std::chrono::seconds quiet_stop{2};

constexpr auto footer =
    "Examples:\n"
    "  cairn cp report.pdf s3://docs/2026/            upload a file\n"
    "  cairn cp --recursive s3://docs/2026/ 2026      download all below a prefix\n"
    "  cairn ls -l 's3://logs/*.gz'                   list what matches\n"
    "  cairn sync --delete site/ s3://www.example/    make a bucket like a folder\n"
    "  tar c data | cairn pipe s3://backup/data.tar   upload what another program writes\n"
    "\n"
    "`cairn COMMAND --help` tells more of each.\n"
    "\n"
    "Settings are taken from the options, else from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,\n"
    "AWS_SESSION_TOKEN, AWS_REGION, AWS_PROFILE, AWS_ENDPOINT_URL, AWS_CA_BUNDLE and their kin, "
    "else\n"
    "from ~/.aws/config and ~/.aws/credentials.\n"
    "\n"
    "Exit status: 0 all done, 1 something failed, 2 wrong usage, 130 or 143 stopped by a signal,\n"
    "141 whoever read the output has gone.";

/// One command's run, until it ends or a signal ends it.
class run {
  public:
    run(asio::io_context& context, std::string name)
        : context_(context), name_(std::move(name)), signals_(context), patience_(context) {}

    int operator()(session& with, const action& command) {
        signals_.add(SIGINT);
        signals_.add(SIGTERM);
        signals_.async_wait([this, &with](const error_code& failed, int signal) {
            if (!failed) stop(with, signal);
        });
        const auto ended = [&](const std::exception_ptr& thrown) { end(with, thrown); };
        asio::co_spawn(context_, command(with),
                       asio::bind_cancellation_slot(cancel_.slot(), ended));
        context_.run();
        if (stopped_by_ != 0) return exit_signal + stopped_by_;
        return status_ == 0 && with.out.has_failures() ? exit_failures : status_;
    }

  private:
    // The second signal ends the program at once.
    void stop(session& with, int signal) {
        stopped_by_ = signal;
        if (ended_) return;
        signals_.clear();
        with.progress.stop();
        patience_.expires_after(quiet_stop);
        patience_.async_wait([&with](const error_code& failed) {
            if (!failed && !with.options.json)
                print_error("cairn: stopping: cleaning up (Ctrl-C again ends at once)");
        });
        cancel_.emit(asio::cancellation_type::terminal);
    }

    void end(session& with, const std::exception_ptr& thrown) {
        ended_ = true;
        with.progress.stop();
        patience_.cancel();
        try {
            if (thrown) std::rethrow_exception(thrown);
            with.out.flush();
        } catch (const output_lost& lost) {
            if (lost.code == EINTR) return;  // the signal is on its way
            output_failed(with, lost.code);
        } catch (const std::exception& e) {
            if (stopped_by_ == 0) fail(with, e);
        }
        signals_.cancel();
    }

    // A reader that has gone, such as head, has what it wanted.
    void output_failed(session& with, int code) {
        status_ = code == EPIPE ? exit_signal + SIGPIPE : exit_failures;
        if (code == EPIPE) return;
        const error why({code, boost::system::system_category()});
        with.out.failed("standard output", {{"operation", name_}}, why);
    }

    void fail(session& with, const std::exception& e) {
        const error why(errc::unexpected_exception, e.what());
        with.out.failed("unexpected", {{"operation", name_}}, why);
    }

    asio::io_context& context_;
    std::string name_;
    asio::signal_set signals_;
    asio::steady_timer patience_;
    asio::cancellation_signal cancel_;
    bool ended_ = false;
    int stopped_by_ = 0;
    int status_ = 0;
};

int run_command(const global_options& options, const std::string& name, const action& command) {
    const auto misconfigured = [&](const error& e) {
        print_failure(options.json, "configuration", {{"operation", name}}, e);
        return exit_failures;
    };
    // Clients go before the context that their connections are of.
    asio::io_context context(1);
    auto config = make_config(options);
    if (!config) return misconfigured(config.error());
    auto client = s3::client::create(std::move(*config));
    if (!client) return misconfigured(client.error());
    session with(context.get_executor(), options, std::move(*client));
    return run(context, name)(with, command);
}

void add_commands(CLI::App& app, action& chosen) {
    add_cat(app, chosen);
    add_cp(app, chosen);
    add_ls(app, chosen);
    add_mb(app, chosen);
    add_mv(app, chosen);
    add_pipe(app, chosen);
    add_rb(app, chosen);
    add_rm(app, chosen);
    add_stat(app, chosen);
    add_sync(app, chosen);
}

// Where one source is taken, others have come from a wildcard that the shell has expanded.
std::string too_many(const CLI::App& command, const std::string& word) {
    auto problem = "one argument too many: " + word;
    if (command.get_option_no_throw("SOURCE") == nullptr) return problem;
    problem +=
        ": one SOURCE is taken; quote wildcards of S3 URLs for the shell, or choose from a "
        "folder with ";
    const bool has_recursive = command.get_option_no_throw("--recursive") != nullptr;
    return problem + (has_recursive ? "--recursive " : "") + "--exclude '*' --include PATTERN";
}

int misused(const CLI::App& app, const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app.exit(e);
    const auto used = app.get_subcommands();
    const auto name = used.empty() ? std::string() : used.front()->get_name();
    const auto unknown = app.remaining();
    std::string problem = e.what();
    if (used.empty() && !unknown.empty()) problem = "no command or option: " + unknown.front();
    const bool is_extra = !used.empty() && !unknown.empty() && !unknown.front().starts_with("-");
    if (is_extra) problem = too_many(*used.front(), unknown.front());
    print_error("cairn: " + (name.empty() ? "" : name + ": ") + problem + " (see cairn " + name +
                (name.empty() ? "" : " ") + "--help)");
    return exit_usage;
}

// Or a connection would become standard input or output. Whoever uses one that was closed is told.
void hold_closed_streams() {
    for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (::fcntl(descriptor, F_GETFD) >= 0) continue;
        const int unusable = descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY;
        if (::open("/dev/null", unusable) != descriptor) std::abort();
    }
}

int run_program(int argc, char** argv) {
    hold_closed_streams();
    // Connections don't raise it; standard output tells by its error, as does a file of its size.
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    CLI::App app("Objects of S3, from the command line.", "cairn");
    global_options options;
    action chosen;
    app.set_version_flag("--version", "cairn " CAIRN_VERSION);
    app.require_subcommand(1);
    app.footer(footer);
    options.add_to(app);
    add_commands(app, chosen);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return misused(app, e);
    }
    return run_command(options, app.get_subcommands().front()->get_name(), chosen);
}

}  // namespace
}  // namespace cairn::tool

int main(int argc, char** argv) {
    try {
        return cairn::tool::run_program(argc, argv);
    } catch (const std::exception& e) {
        std::fputs("cairn: ", stderr);
        std::fputs(e.what(), stderr);
        std::fputs("\n", stderr);
    } catch (...) {
        std::fputs("cairn: an exception of no known kind\n", stderr);
    }
    return cairn::tool::exit_failures;
}
