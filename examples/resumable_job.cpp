// A job that survives being killed: it counts the words of text files, a few hundred lines a step,
// and saves a checkpoint to S3 after each step. Started again, it goes on after the last one.
//
//     resumable_job --bucket B --thread T [--prefix P] [--step-delay-ms N] FILE...
//
// S3 is found as every AWS tool finds it: AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL_S3, ~/.aws/config,
// ...

#include <cairn/checkpoint.hpp>

#include <boost/asio.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace asio = boost::asio;
namespace checkpoint = cairn::checkpoint;

namespace {

constexpr std::size_t lines_a_step = 250;

struct options {
    options() = default;
    std::map<std::string, std::string> named = {{"--prefix", ""}, {"--step-delay-ms", "0"}};
    std::vector<std::string> files;
};

/// All that the job has found out, and how far it is: what it needs to go on.
struct progress {
    std::size_t step = 0;
    std::size_t line = 0;
    std::map<std::string, std::size_t> words;

    void read(const std::string& text) {
        std::istringstream in(text);
        for (std::string word; in >> word; ++words[word])
            for (char& c : word) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        ++line;
    }

    checkpoint::draft save() const {
        std::ostringstream table;
        for (const auto& [word, count] : words) table << count << ' ' << word << '\n';
        checkpoint::draft draft;
        draft.channels["position"] = std::to_string(step) + ' ' + std::to_string(line);
        draft.channels["words"] = table.str();
        draft.metadata["step"] = std::to_string(step);
        return draft;
    }

    static progress load(const checkpoint::snapshot& saved) {
        progress p;
        std::istringstream(saved.channels.at("position")) >> p.step >> p.line;
        std::istringstream table(saved.channels.at("words"));
        std::size_t count = 0;
        for (std::string word; table >> count >> word;) p.words[word] = count;
        return p;
    }

    std::string answer() const {
        std::size_t total = 0;
        std::pair<std::size_t, std::string> top;
        for (const auto& [word, count] : words) {
            total += count;
            top = std::max(top, std::pair(count, word));
        }
        std::ostringstream text;
        text << total << " words, " << words.size() << " different ones, in " << line
             << " lines; the most frequent is \"" << top.second << "\", " << top.first << " times";
        return text.str();
    }
};

asio::awaitable<cairn::result<void>> make_bucket(cairn::s3::client s3, std::string name) {
    const auto found = co_await s3.head_bucket(name);
    if (found) co_return cairn::result<void>();
    if (found.error().code() != cairn::errc::not_found) co_return found.error();
    const auto made = co_await s3.create_bucket(name);
    if (!made) co_return made.error();
    co_return cairn::result<void>();
}

asio::awaitable<cairn::result<void>> run(options o, std::vector<std::string> lines) {
    const auto s3 = cairn::s3::client::from_environment();
    if (!s3) co_return s3.error();
    const auto bucket = co_await make_bucket(*s3, o.named["--bucket"]);
    if (!bucket) co_return bucket.error();

    checkpoint::store_options where;
    where.prefix = o.named["--prefix"];
    const auto backing = checkpoint::s3_backing(*s3, o.named["--bucket"]);
    const auto store = co_await checkpoint::store::open(backing, where);
    if (!store) co_return store.error();
    auto thread = store->thread(o.named["--thread"]);

    progress job;
    const auto latest = co_await thread.load();
    if (latest) {
        job = progress::load(*latest);
        std::cout << "resuming at step " << job.step + 1 << " from checkpoint " << latest->id
                  << std::endl;
    } else if (latest.error().code() == cairn::errc::checkpoint_not_found) {
        std::cout << "starting from the beginning" << std::endl;
    } else {
        co_return latest.error();
    }

    asio::steady_timer pause(co_await asio::this_coro::executor);
    while (job.line < lines.size()) {
        const auto end = std::min(job.line + lines_a_step, lines.size());
        while (job.line < end) job.read(lines[job.line]);
        ++job.step;
        const auto saved = co_await thread.save(job.save());
        if (!saved) co_return saved.error();
        std::cout << "saved checkpoint seq=" << saved->sequence << " id=" << saved->id << " at "
                  << saved->location << std::endl;
        pause.expires_after(std::chrono::milliseconds(std::stol(o.named["--step-delay-ms"])));
        co_await pause.async_wait(asio::use_awaitable);
    }
    std::cout << "answer: " << job.answer() << std::endl;
    co_return cairn::result<void>();
}

bool parse(int argc, char** argv, options& o) {
    for (int i = 1; i < argc; ++i) {
        const std::string argument = argv[i];
        if (!argument.starts_with("--"))
            o.files.push_back(argument);
        else if (++i < argc)
            o.named[argument] = argv[i];
        else
            return false;
    }
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    const bool known =
        o.named.size() == 4 && o.named.contains("--bucket") && o.named.contains("--thread");
    return known && !o.files.empty() && std::ranges::all_of(o.named["--step-delay-ms"], is_digit);
}

int fail(int status, const std::string& reason) {
    std::cerr << "resumable_job: " << reason << std::endl;
    return status;
}

}  // namespace

int main(int argc, char** argv) {
    options o;
    if (!parse(argc, argv, o))
        return fail(2, "usage: --bucket B --thread T [--prefix P] [--step-delay-ms N] FILE...");
    std::vector<std::string> lines;
    for (const auto& name : o.files) {
        std::ifstream file(name);
        for (std::string line; std::getline(file, line);) lines.push_back(line);
        if (!file.eof()) return fail(1, "can't read " + name);
    }

    int status = 0;
    asio::io_context context;
    asio::cancellation_signal cancel;
    asio::signal_set signals(context, SIGINT, SIGTERM);
    signals.async_wait([&](auto, int) { cancel.emit(asio::cancellation_type::terminal); });
    const auto ended = [&](std::exception_ptr thrown, cairn::result<void> done) {
        signals.cancel();
        try {
            if (thrown) std::rethrow_exception(thrown);
            if (!done) status = fail(1, done.error().what());
        } catch (const std::exception& e) {
            status = fail(1, e.what());
        }
    };
    asio::co_spawn(context, run(o, lines), asio::bind_cancellation_slot(cancel.slot(), ended));
    context.run();
    return status;
}
