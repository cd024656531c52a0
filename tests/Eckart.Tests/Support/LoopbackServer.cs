using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Eckart.Tests.Support;

/// <summary>What a client asked: the path with its query, and the headers in any case.</summary>
internal sealed record LoopbackRequest(string Path, IReadOnlyDictionary<string, string> Headers)
{
    public string? Header(string name) => Headers.TryGetValue(name, out var value) ? value : null;

    /// <summary>First byte of the range that is asked for; 0 where none is.</summary>
    public int From => Header("Range") is { } range ? int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture) : 0;
}

/// <summary>What it is told.</summary>
internal sealed record LoopbackReply(int Status, byte[] Body, params (string Name, string Value)[] Headers)
{
    /// <summary>The length that is declared, true or not; null for none: the end of the connection is that of the body.</summary>
    public long? Declared { get; init; } = Body.Length;

    /// <summary>Bytes of the body after which the connection is reset.</summary>
    public int? DropAfter { get; init; }

    /// <summary>Whether the connection stays open and silent instead.</summary>
    public bool Hold { get; init; }
}

/// <summary>A server of HTTP/1.1 on a port of this machine: one request a connection, any answer, true or not.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Func<LoopbackRequest, LoopbackReply> answer;
    private readonly List<LoopbackRequest> requests = [];
    private readonly Task serving;

    public LoopbackServer(Func<LoopbackRequest, LoopbackReply> answer)
    {
        this.answer = answer;
        listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        serving = Task.Run(ServeAsync);
    }

    public Uri Address { get; }

    /// <summary>All requests so far, in order.</summary>
    public IReadOnlyList<LoopbackRequest> Requests
    {
        get
        {
            lock (requests) return [.. requests];
        }
    }

    public void Dispose()
    {
        stop.Cancel();
        listener.Stop();
        serving.Wait();
        stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true) connections.Add(ServeAsync(await listener.AcceptSocketAsync(stop.Token)));
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
        }

        await Task.WhenAll(connections);
    }

    private async Task ServeAsync(Socket socket)
    {
        using var connection = socket;
        try
        {
            if (await ReadAsync(connection) is not { } request) return;
            lock (requests) requests.Add(request);
            var reply = answer(request);
            var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {reply.Status} X\r\nConnection: close\r\n");
            if (reply.Declared is { } length) head.Append(CultureInfo.InvariantCulture, $"Content-Length: {length}\r\n");
            foreach (var (name, value) in reply.Headers) head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
            await connection.SendAsync(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), stop.Token);
            await SendAsync(connection, reply.Body.AsMemory(0, reply.DropAfter ?? reply.Body.Length));
            if (reply.Hold) await Task.Delay(Timeout.Infinite, stop.Token);
            connection.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
        }
    }

    private async Task SendAsync(Socket connection, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0) bytes = bytes[await connection.SendAsync(bytes, stop.Token)..];
    }

    private async Task<LoopbackRequest?> ReadAsync(Socket connection)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await connection.ReceiveAsync(buffer, stop.Token);
            if (read == 0) return null;
            text.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        var lines = text.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        return new LoopbackRequest(lines[0].Split(' ')[1], lines[1..].ToDictionary(line => line[..line.IndexOf(':', StringComparison.Ordinal)], line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim(), StringComparer.OrdinalIgnoreCase));
    }
}
