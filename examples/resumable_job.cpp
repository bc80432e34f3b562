// A job that survives being killed. It counts the words of text files, a few hundred lines a step,
// and saves a checkpoint to S3 after each step; started again, it goes on after the last one.
//
//     resumable_job --bucket B --thread T [--prefix P] [--step-delay-ms N] FILE...
//
// S3 is found as every AWS tool finds it: AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL_S3, ~/.aws/config,
// ...

#include <cairn/checkpoint.hpp>

#include <boost/asio.hpp>

#include <algorithm>
#include <charconv>
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
    std::string bucket, thread, prefix;
    std::chrono::milliseconds step_delay{0};
    std::vector<std::string> files;
};

/// What the job has found out so far, and how far that is: all it needs to go on.
struct progress {
    std::size_t step = 0;
    std::size_t line = 0;  ///< The next one to read.
    std::map<std::string, std::size_t> words;

    void read(const std::string& text) {
        std::istringstream in(text);
        for (std::string word; in >> word;) {
            std::erase_if(word, [](unsigned char c) { return std::isalpha(c) == 0; });
            std::ranges::transform(word, word.begin(),
                                   [](unsigned char c) { return std::tolower(c); });
            if (!word.empty()) ++words[word];
        }
        ++line;
    }

    checkpoint::draft save() const {
        std::ostringstream table;
        for (const auto& [word, count] : words) table << word << ' ' << count << '\n';
        checkpoint::draft draft;
        draft.channels["position"] = std::to_string(step) + ' ' + std::to_string(line);
        draft.channels["words"] = table.str();
        draft.metadata["program"] = "resumable_job";
        return draft;
    }

    static progress load(const checkpoint::snapshot& saved) {
        progress p;
        std::istringstream(saved.channels.at("position")) >> p.step >> p.line;
        std::istringstream table(saved.channels.at("words"));
        std::size_t count = 0;
        for (std::string word; table >> word >> count;) p.words[word] = count;
        return p;
    }

    std::string answer() const {
        std::size_t total = 0;
        for (const auto& [word, count] : words) total += count;
        const auto by_count = [](const auto& a, const auto& b) { return a.second < b.second; };
        const auto top = std::ranges::max_element(words, by_count);
        std::string text = std::to_string(total) + " words in " + std::to_string(line) +
                           " lines, " + std::to_string(words.size()) + " different ones";
        if (top != words.end())
            text += "; the most frequent is \"" + top->first + "\", " +
                    std::to_string(top->second) + " times";
        return text;
    }
};

asio::awaitable<cairn::result<void>> make_bucket(cairn::s3::client s3, std::string bucket) {
    const auto found = co_await s3.head_bucket(bucket);
    if (found) co_return cairn::result<void>();
    if (found.error().code != cairn::errc::not_found) co_return found.error();
    const auto made = co_await s3.create_bucket(bucket);
    if (!made) co_return made.error();
    co_return cairn::result<void>();
}

asio::awaitable<cairn::result<void>> run(options o, std::vector<std::string> lines) {
    const auto s3 = cairn::s3::client::from_environment();
    if (!s3) co_return s3.error();
    const auto bucket = co_await make_bucket(*s3, o.bucket);
    if (!bucket) co_return bucket.error();

    checkpoint::store_options where;
    where.prefix = o.prefix;
    const auto store =
        co_await checkpoint::store::open(checkpoint::s3_backing(*s3, o.bucket), where);
    if (!store) co_return store.error();
    auto thread = store->thread(o.thread);

    progress job;
    const auto found = co_await thread.load();
    if (found) {
        job = progress::load(*found);
        std::cout << "resuming at step " << job.step + 1 << " from checkpoint " << found->id
                  << std::endl;
    } else if (found.error().code == cairn::errc::checkpoint_not_found) {
        std::cout << "starting from the beginning" << std::endl;
    } else {
        co_return found.error();
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
        pause.expires_after(o.step_delay);
        co_await pause.async_wait(asio::use_awaitable);
    }
    std::cout << "answer: " << job.answer() << std::endl;
    co_return cairn::result<void>();
}

/// Nothing when the command line can't be understood.
std::optional<options> parse(const std::vector<std::string>& arguments) {
    options o;
    long delay = 0;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const auto& name = arguments[i];
        if (!name.starts_with("--")) {
            o.files.push_back(name);
            continue;
        }
        if (++i == arguments.size()) return std::nullopt;
        const auto& value = arguments[i];
        const auto* end = value.data() + value.size();
        if (name == "--bucket")
            o.bucket = value;
        else if (name == "--thread")
            o.thread = value;
        else if (name == "--prefix")
            o.prefix = value;
        else if (name != "--step-delay-ms" || std::from_chars(value.data(), end, delay).ptr != end)
            return std::nullopt;
    }
    o.step_delay = std::chrono::milliseconds(delay);
    if (o.bucket.empty() || o.thread.empty() || o.files.empty()) return std::nullopt;
    return o;
}

}  // namespace

int main(int argc, char** argv) {
    const auto o = parse(std::vector<std::string>(argv + 1, argv + argc));
    if (!o) {
        std::cerr << "usage: resumable_job --bucket B --thread T [--prefix P] [--step-delay-ms N] "
                     "FILE...\n";
        return 2;
    }
    std::vector<std::string> lines;
    for (const auto& name : o->files) {
        std::ifstream file(name);
        for (std::string line; std::getline(file, line);) lines.push_back(line);
        if (file.bad() || !file.eof()) {
            std::cerr << "resumable_job: can't read " << name << '\n';
            return 1;
        }
    }

    int status = 1;
    asio::io_context context;
    asio::cancellation_signal cancel;
    asio::signal_set signals(context, SIGINT, SIGTERM);
    signals.async_wait(
        [&](cairn::error_code, int) { cancel.emit(asio::cancellation_type::terminal); });
    asio::co_spawn(context, run(*o, lines),
                   asio::bind_cancellation_slot(
                       cancel.slot(), [&](std::exception_ptr thrown, cairn::result<void> done) {
                           signals.cancel();
                           if (!thrown && done)
                               status = 0;
                           else if (thrown)
                               std::cerr << "resumable_job: interrupted\n";
                           else
                               std::cerr << "resumable_job: " << done.error().what() << '\n';
                       }));
    context.run();
    return status;
}
